namespace CogniForge.Llm.Domain.Failures;

/// <summary>Why an attempt at a target failed.</summary>
/// <param name="Category">What kind of failure.</param>
/// <param name="Message">What the provider or the gateway says of it, without secrets.</param>
/// <param name="Status">The provider's HTTP status; null: it gave none.</param>
/// <param name="Code">The provider's own code or type, e.g. <c>context_length_exceeded</c>; null: none.</param>
/// <param name="RetryAfter">How long the provider asks to be left alone; null: it does not say.</param>
/// <param name="Param">The field that the provider says is wrong; null: it names none.</param>
internal sealed record Failure(ErrorCategory Category, string Message, int? Status = null, string? Code = null, TimeSpan? RetryAfter = null, string? Param = null);

/// <summary>A failure as the client is told of it, whatever its protocol.</summary>
/// <param name="Status">The HTTP status, 400 to 599, in OpenAI's terms (an overloaded provider is 503).</param>
/// <param name="Category">What kind of failure.</param>
/// <param name="Message">What happened and, where there is something to do, what to do.</param>
/// <param name="Param">The JSON path of the field that is wrong; null: none is.</param>
/// <param name="Code">A code for programs, e.g. <c>model_not_found</c>; null: none.</param>
/// <param name="RequestId">The gateway's id of the request; null: there is none yet.</param>
internal sealed record ClientError(int Status, ErrorCategory Category, string Message, string? Param = null, string? Code = null, string? RequestId = null);
