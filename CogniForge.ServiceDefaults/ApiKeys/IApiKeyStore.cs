using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Http;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>The API keys of a service. Each change is in the audit, by the transaction that makes it.</summary>
internal interface IApiKeyStore
{
    /// <summary>
    /// Finds the keys of secrets by one query, each under its hash in hexadecimal; omits unknown ones. For a rotated
    /// secret, the key expires at the end of the grace period.
    /// </summary>
    Task<IReadOnlyDictionary<string, ApiKey>> FindAsync(
        IReadOnlyCollection<byte[]> hashes,
        CancellationToken cancellationToken
    );

    Task<ApiKey?> GetAsync(Guid id, CancellationToken cancellationToken);

    Task AddAsync(ApiKey key, byte[] hash, AuditedRequest request, CancellationToken cancellationToken);

    Task<Page<ApiKey>> ListAsync(Cursor cursor, int limit, CancellationToken cancellationToken);

    /// <summary>Gets the names of keys, including revoked ones; omits unknown keys.</summary>
    Task<IReadOnlyDictionary<Guid, string>> NamesAsync(
        IReadOnlyCollection<Guid> ids,
        CancellationToken cancellationToken
    );

    /// <summary>Changes a key under a lock against other changes.</summary>
    /// <param name="id">The key.</param>
    /// <param name="change">Returns the changed key, or the same instance to change nothing.</param>
    /// <param name="request">The request, for the audit.</param>
    /// <param name="cancellationToken">Cancels the change.</param>
    /// <returns>The key; null if it is unknown or revoked.</returns>
    Task<ApiKey?> ChangeAsync(
        Guid id,
        Func<ApiKey, ApiKey> change,
        AuditedRequest request,
        CancellationToken cancellationToken
    );

    /// <summary>Replaces a key's secret.</summary>
    /// <param name="id">The key.</param>
    /// <param name="hash">The hash of the new secret.</param>
    /// <param name="previousUntil">
    /// The end of the previous secret's grace period; null: none. Older secrets end at once in any case.
    /// </param>
    /// <param name="request">The request, for the audit.</param>
    /// <param name="cancellationToken">Cancels the change.</param>
    /// <returns>The key; null if it is unknown or revoked.</returns>
    Task<ApiKey?> RotateAsync(
        Guid id,
        byte[] hash,
        DateTimeOffset? previousUntil,
        AuditedRequest request,
        CancellationToken cancellationToken
    );
}
