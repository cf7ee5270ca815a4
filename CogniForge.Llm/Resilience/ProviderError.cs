namespace CogniForge.Llm.Resilience;

/// <summary>The error of an attempt at a target.</summary>
/// <param name="Category">The category.</param>
/// <param name="Message">The message of the provider or the gateway, without secrets.</param>
/// <param name="Status">The provider's HTTP status; null: there was no response.</param>
/// <param name="Code">The provider's error code or type, e.g. <c>context_length_exceeded</c>; null: none.</param>
/// <param name="RetryAfter">The delay before the next request that the provider demands; null: none.</param>
/// <param name="Param">The invalid field according to the provider; null: none.</param>
/// <param name="IsUnsent">Whether the provider cannot have received the request.</param>
internal sealed record ProviderError(
    ErrorCategory Category,
    string Message,
    int? Status = null,
    string? Code = null,
    TimeSpan? RetryAfter = null,
    string? Param = null,
    bool IsUnsent = false
)
{
    /// <summary>
    /// Whether the target is to blame. False: the client or the gateway is, so it counts neither for nor against the
    /// target. Null: the category decides.
    /// </summary>
    public bool? IsTargetFault { get; init; }

    /// <summary>Whether another attempt at the target may succeed soon.</summary>
    public bool CanRetry { get; init; } = true;

    /// <summary>
    /// Whether the provider may have generated a response nevertheless, and charge for it. A proxy in front of it
    /// reports a timeout with 408, 504, or 524 (Cloudflare).
    /// </summary>
    public bool MayHaveResponse =>
        !IsUnsent
        && (
            Category is ErrorCategory.Timeout or ErrorCategory.Network or ErrorCategory.InvalidResponse
            || Status is 408 or 504 or 524
        );
}
