namespace CogniForge.Llm.Tests.Sdks;

internal sealed record ToolResult(string Id, string Text);
