namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>What went wrong.</summary>
/// <param name="Type">The kind of error, e.g. <c>invalid_request_error</c>.</param>
/// <param name="Message">For people.</param>
internal sealed record AnthropicErrorDetails(string Type, string Message);
