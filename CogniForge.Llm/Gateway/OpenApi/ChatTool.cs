namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>A tool.</summary>
/// <param name="Type"><c>function</c>.</param>
/// <param name="Function">What it is.</param>
internal sealed record ChatTool(string Type, ChatFunction Function);
