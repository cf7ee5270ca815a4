namespace CogniForge.ServiceDefaults.Idempotency;

/// <summary>Was this request answered before?</summary>
internal interface IIdempotencyStore
{
    /// <summary>How long an answer is remembered.</summary>
    static readonly TimeSpan Retention = TimeSpan.FromHours(24);

    /// <summary>After this time without an answer the process that worked on the request counts as gone, and the key is free again.</summary>
    static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    /// <summary>Takes the key for a new request, or tells what is known of it.</summary>
    Task<IdempotencyState> BeginAsync(
        IdempotencySlot slot,
        byte[] fingerprint,
        DateTimeOffset now,
        CancellationToken cancellationToken
    );

    /// <summary>Remembers the answer; without one (the request failed) the key is free again. Who took so long that another has taken the key changes nothing.</summary>
    /// <param name="slot">The key.</param>
    /// <param name="begun">When the key was taken, as <see cref="BeginAsync"/> was told.</param>
    /// <param name="response">The answer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task EndAsync(
        IdempotencySlot slot,
        DateTimeOffset begun,
        IdempotentResponse? response,
        CancellationToken cancellationToken
    );

    /// <summary>Forgets what is older than <see cref="Retention"/>.</summary>
    Task ForgetAsync(DateTimeOffset now, CancellationToken cancellationToken);
}
