namespace CogniForge.Llm.Resilience;

/// <summary>A failure as the client is told of it, whatever its protocol.</summary>
/// <param name="Status">The HTTP status, 400 to 599, in OpenAI's terms (an overloaded provider is 503).</param>
/// <param name="Category">What kind of failure.</param>
/// <param name="Message">What happened and, where there is something to do, what to do.</param>
/// <param name="Param">The JSON path of the field that is wrong; null: none is.</param>
/// <param name="Code">A code for programs, e.g. <c>model_not_found</c>; null: none.</param>
/// <param name="RequestId">The gateway's id of the request; null: there is none yet.</param>
internal sealed record ClientError(
    int Status,
    ErrorCategory Category,
    string Message,
    string? Param = null,
    string? Code = null,
    string? RequestId = null
);
