namespace CogniForge.Llm.Tests.Sdks;

internal sealed record Result(string Id, string Text);
