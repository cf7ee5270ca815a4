namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>The details of the error.</summary>
/// <param name="Message">A human-readable message.</param>
/// <param name="Type">The type of the error, e.g. <c>invalid_request_error</c>.</param>
/// <param name="Param">The invalid field; null: the error concerns no field.</param>
/// <param name="Code">The error code, e.g. <c>model_not_found</c>; null: none.</param>
internal sealed record OpenAiErrorDetails(string Message, string Type, string? Param, string? Code);
