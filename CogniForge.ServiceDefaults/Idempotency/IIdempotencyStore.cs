namespace CogniForge.ServiceDefaults.Idempotency;

/// <summary>The responses to requests with an <c>Idempotency-Key</c>.</summary>
internal interface IIdempotencyStore
{
    /// <summary>The time for which a response is stored.</summary>
    static readonly TimeSpan Retention = TimeSpan.FromHours(24);

    /// <summary>After this time without a response, the process counts as dead and the key is free.</summary>
    static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    /// <summary>Claims the key for a new request, or returns its state.</summary>
    Task<IdempotencyState> BeginAsync(
        IdempotencySlot slot,
        byte[] fingerprint,
        DateTimeOffset now,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Stores the response, or frees the key of a failed request. Does nothing if the claim has expired and another
    /// request has the key.
    /// </summary>
    /// <param name="slot">The key.</param>
    /// <param name="begun">The time of the claim, as given to <see cref="BeginAsync"/>.</param>
    /// <param name="response">The response; null: the request failed.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    Task EndAsync(
        IdempotencySlot slot,
        DateTimeOffset begun,
        IdempotentResponse? response,
        CancellationToken cancellationToken
    );

    /// <summary>Deletes keys older than <see cref="Retention"/>.</summary>
    Task ForgetAsync(DateTimeOffset now, CancellationToken cancellationToken);
}
