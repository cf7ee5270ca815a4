namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>An error response of OpenAI's API.</summary>
internal sealed record OpenAiErrorResponse(OpenAiErrorDetails Error);
