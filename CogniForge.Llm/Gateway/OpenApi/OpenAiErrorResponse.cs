namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>OpenAI's error.</summary>
internal sealed record OpenAiErrorResponse(OpenAiErrorDetails Error);
