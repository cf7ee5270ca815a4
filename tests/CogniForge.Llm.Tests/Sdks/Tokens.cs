namespace CogniForge.Llm.Tests.Sdks;

/// <param name="Input">All input tokens, including those of the prompt cache.</param>
internal sealed record Tokens(int Input, int Output, int CacheRead = 0, int CacheWrite = 0);
