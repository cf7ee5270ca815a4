namespace CogniForge.Llm.Api;

/// <summary>OpenAI's error.</summary>
internal sealed record OpenAiErrorAnswer(OpenAiErrorDetails Error);
