namespace CogniForge.ServiceDefaults.Idempotency;

/// <summary>Marks endpoints as idempotent.</summary>
public static class IdempotencyExtensions
{
    /// <summary>
    /// Makes a POST safe to repeat: for 24 hours, a request with the same <c>Idempotency-Key</c> gets the first
    /// response unless it was retryable (408, 425, 429, 5xx). After draft-ietf-httpapi-idempotency-key-header: 409,
    /// 422.
    /// </summary>
    /// <typeparam name="TBuilder">An endpoint or a group of endpoints.</typeparam>
    /// <param name="builder">The endpoint.</param>
    public static TBuilder WithIdempotency<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new IdempotentMetadata());
}
