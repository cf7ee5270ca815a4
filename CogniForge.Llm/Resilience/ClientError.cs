namespace CogniForge.Llm.Resilience;

/// <summary>An error that the gateway returns to the client, independent of the protocol.</summary>
/// <param name="Status">The HTTP status, 400 to 599, as OpenAI uses it (503 for an overloaded provider).</param>
/// <param name="Category">The category.</param>
/// <param name="Message">What happened and, if the client can do something about it, what to do.</param>
/// <param name="Param">The JSON path of the invalid field; null: the error concerns no field.</param>
/// <param name="Code">The error code, e.g. <c>model_not_found</c>; null: none.</param>
/// <param name="RequestId">The gateway's id of the request; null: not assigned yet.</param>
internal sealed record ClientError(
    int Status,
    ErrorCategory Category,
    string Message,
    string? Param = null,
    string? Code = null,
    string? RequestId = null
);
