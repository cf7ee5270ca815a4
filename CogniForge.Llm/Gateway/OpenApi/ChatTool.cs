namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>A tool that the model may call.</summary>
/// <param name="Type"><c>function</c>.</param>
/// <param name="Function">The function.</param>
internal sealed record ChatTool(string Type, ChatFunction Function);
