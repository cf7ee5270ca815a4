namespace CogniForge.ServiceDefaults.Idempotency;

/// <summary>Marks endpoints as idempotent.</summary>
public static class IdempotencyExtensions
{
    /// <summary>
    /// Lets a client repeat a creating POST safely: with the header <c>Idempotency-Key</c> (1 to 255 visible ASCII characters) the first answer is remembered for 24 hours and given again,
    /// unless it says to try again (408, 425, 429, 5xx) or the request was not even understood. The same key with another request gets 422; while the first is still being answered, 409. Follows draft-ietf-httpapi-idempotency-key-header.
    /// </summary>
    /// <typeparam name="TBuilder">An endpoint or a group of them.</typeparam>
    /// <param name="builder">The endpoint.</param>
    public static TBuilder WithIdempotency<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new IdempotentMetadata());
}
