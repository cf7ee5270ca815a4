using System.Text.Json;
using CogniForge.ServiceDefaults.Http;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>The API keys of a service. Changes return null if the key is unknown or revoked.</summary>
internal interface IApiKeyStore
{
    /// <summary>
    /// Finds the key of a secret. For a rotated secret, the key expires at the end of the grace period.
    /// </summary>
    Task<ApiKey?> FindAsync(byte[] hash, CancellationToken cancellationToken);

    Task<ApiKey?> GetAsync(Guid id, CancellationToken cancellationToken);

    Task AddAsync(ApiKey key, byte[] hash, CancellationToken cancellationToken);

    Task<Page<ApiKey>> ListAsync(Cursor cursor, int limit, CancellationToken cancellationToken);

    /// <summary>Gets the names of keys, including revoked ones; omits unknown keys.</summary>
    Task<IReadOnlyDictionary<Guid, string>> NamesAsync(
        IReadOnlyCollection<Guid> ids,
        CancellationToken cancellationToken
    );

    /// <summary>Renames a key or changes its expiry.</summary>
    /// <param name="id">The key.</param>
    /// <param name="name">The new name; null: unchanged.</param>
    /// <param name="setsExpiry">Whether to set the expiry.</param>
    /// <param name="expiresAt">The new expiry, UTC; null: never.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    Task<ApiKey?> ChangeAsync(
        Guid id,
        string? name,
        bool setsExpiry,
        DateTimeOffset? expiresAt,
        CancellationToken cancellationToken
    );

    /// <summary>Revokes a key; false if it is unknown. Revoking again changes nothing.</summary>
    Task<bool> RevokeAsync(Guid id, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Replaces a key's secret.</summary>
    /// <param name="id">The key.</param>
    /// <param name="hash">The hash of the new secret.</param>
    /// <param name="previousUntil">
    /// The end of the previous secret's grace period; null: none. Older secrets end at once in any case.
    /// </param>
    /// <param name="cancellationToken">Cancels the query.</param>
    Task<ApiKey?> RotateAsync(Guid id, byte[] hash, DateTimeOffset? previousUntil, CancellationToken cancellationToken);

    /// <summary>Disables a key as of a time, or enables it (null). Disabling again changes nothing.</summary>
    Task<ApiKey?> SetDisabledAsync(Guid id, DateTimeOffset? at, CancellationToken cancellationToken);

    Task<ApiKey?> SetLimitsAsync(Guid id, JsonElement limits, CancellationToken cancellationToken);
}
