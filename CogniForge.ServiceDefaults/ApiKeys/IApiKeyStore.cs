using System.Text.Json;
using CogniForge.ServiceDefaults.Http;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>Which keys does this service know? A change of a key that is not there, or was revoked, answers null.</summary>
internal interface IApiKeyStore
{
    /// <summary>The key of a secret; of one that was rotated away, it expires when its grace does.</summary>
    Task<ApiKey?> FindAsync(byte[] hash, CancellationToken cancellationToken);

    Task<ApiKey?> GetAsync(Guid id, CancellationToken cancellationToken);

    Task AddAsync(ApiKey key, byte[] hash, CancellationToken cancellationToken);

    Task<Page<ApiKey>> ListAsync(Cursor cursor, int limit, CancellationToken cancellationToken);

    /// <summary>The names of keys, of revoked ones too; those that are not there are left out.</summary>
    Task<IReadOnlyDictionary<Guid, string>> NamesAsync(
        IReadOnlyCollection<Guid> ids,
        CancellationToken cancellationToken
    );

    /// <summary>Renames a key, or sets another expiry.</summary>
    /// <param name="id">The key.</param>
    /// <param name="name">The new name; null: as it is.</param>
    /// <param name="setsExpiry">Whether to set the expiry.</param>
    /// <param name="expiresAt">The new expiry, UTC; null: never.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<ApiKey?> ChangeAsync(
        Guid id,
        string? name,
        bool setsExpiry,
        DateTimeOffset? expiresAt,
        CancellationToken cancellationToken
    );

    /// <summary>Revokes a key; false when there is none of that id. Revoking again changes nothing.</summary>
    Task<bool> RevokeAsync(Guid id, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Gives a key another secret.</summary>
    /// <param name="id">The key.</param>
    /// <param name="hash">The new secret's.</param>
    /// <param name="previousUntil">Until when the present secret is still taken; null: no longer. One that was rotated away before is taken no longer in any case.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<ApiKey?> RotateAsync(Guid id, byte[] hash, DateTimeOffset? previousUntil, CancellationToken cancellationToken);

    /// <summary>Disables a key since a moment, or enables it (null). Disabling again changes nothing.</summary>
    Task<ApiKey?> SetDisabledAsync(Guid id, DateTimeOffset? at, CancellationToken cancellationToken);

    /// <summary>Replaces a key's limits.</summary>
    Task<ApiKey?> SetLimitsAsync(Guid id, JsonElement limits, CancellationToken cancellationToken);
}
