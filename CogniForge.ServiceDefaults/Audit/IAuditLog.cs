using CogniForge.ServiceDefaults.Http;

namespace CogniForge.ServiceDefaults.Audit;

/// <summary>
/// The audit of a service. Changes in Postgres are recorded in their transaction, by <see cref="PostgresAuditLog"/>.
/// </summary>
public interface IAuditLog
{
    /// <summary>Adds an entry. An action outside Postgres is recorded before it starts.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    Task AddAsync(AuditEntry entry, CancellationToken cancellationToken);

    /// <summary>Lists entries, newest first. A page may have fewer entries than the limit, but never none.</summary>
    /// <param name="filter">Selects entries.</param>
    /// <param name="cursor">The start of the page.</param>
    /// <param name="limit">The maximum number of entries.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    Task<Page<AuditEntry>> ListAsync(
        AuditFilter filter,
        Cursor cursor,
        int limit,
        CancellationToken cancellationToken
    );
}
