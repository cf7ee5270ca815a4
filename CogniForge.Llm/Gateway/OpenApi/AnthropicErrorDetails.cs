namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>The details of the error.</summary>
/// <param name="Type">The type of the error, e.g. <c>invalid_request_error</c>.</param>
/// <param name="Message">A human-readable message.</param>
internal sealed record AnthropicErrorDetails(string Type, string Message);
