namespace CogniForge.Llm.Resilience;

/// <summary>Why an attempt at a target failed.</summary>
/// <param name="Category">What kind of failure.</param>
/// <param name="Message">What the provider or the gateway says of it, without secrets.</param>
/// <param name="Status">The provider's HTTP status; null: it gave none.</param>
/// <param name="Code">The provider's own code or type, e.g. <c>context_length_exceeded</c>; null: none.</param>
/// <param name="RetryAfter">How long the provider asks to be left alone; null: it does not say.</param>
/// <param name="Param">The field that the provider says is wrong; null: it names none.</param>
internal sealed record ProviderError(
    ErrorCategory Category,
    string Message,
    int? Status = null,
    string? Code = null,
    TimeSpan? RetryAfter = null,
    string? Param = null
);
