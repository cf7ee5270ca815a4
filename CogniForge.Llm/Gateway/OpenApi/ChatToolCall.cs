namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>A call of a tool.</summary>
/// <param name="Id">Names the call to its result.</param>
/// <param name="Type"><c>function</c>.</param>
/// <param name="Function">What is called.</param>
internal sealed record ChatToolCall(string Id, string Type, ChatCalledFunction Function);
