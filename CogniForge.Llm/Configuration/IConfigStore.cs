using CogniForge.ServiceDefaults.Audit;

namespace CogniForge.Llm.Configuration;

/// <summary>Stores the entries of the admin API.</summary>
internal interface IConfigStore
{
    /// <summary>Reads all entries, ordered by kind and name.</summary>
    Task<IReadOnlyList<ConfigEntry>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Changes one entry, under a lock against other changes, and records it in the audit.</summary>
    /// <param name="decide">Returns the change, given all entries; null: none.</param>
    /// <param name="request">The request, for the audit.</param>
    /// <param name="cancellationToken">Cancels the change, unless it has been committed.</param>
    Task ChangeAsync(
        Func<IReadOnlyList<ConfigEntry>, ConfigChange?> decide,
        AuditedRequest request,
        CancellationToken cancellationToken
    );
}
