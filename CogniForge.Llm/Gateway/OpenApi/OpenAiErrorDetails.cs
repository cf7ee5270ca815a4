namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>What went wrong.</summary>
/// <param name="Message">For people.</param>
/// <param name="Type">The kind of error, e.g. <c>invalid_request_error</c>.</param>
/// <param name="Param">The field that is wrong; null: none is.</param>
/// <param name="Code">For programs, e.g. <c>model_not_found</c>; null: none.</param>
internal sealed record OpenAiErrorDetails(string Message, string Type, string? Param, string? Code);
