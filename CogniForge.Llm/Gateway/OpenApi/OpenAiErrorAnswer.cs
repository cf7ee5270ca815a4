namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>OpenAI's error.</summary>
internal sealed record OpenAiErrorAnswer(OpenAiErrorDetails Error);
