namespace CogniForge.Llm.Tests.Sdks;

/// <param name="Arguments">A JSON object.</param>
internal sealed record ToolCall(string Id, string Name, string Arguments);
