using Dapper;
using Npgsql;

namespace CogniForge.ServiceDefaults.Audit;

/// <summary>Records a change in the transaction that makes it.</summary>
public static class AuditTable
{
    // A commit that was not confirmed is repeated.
    private const string Insert = """
        INSERT INTO audit_entry
            (id, occurred_at, actor_id, actor_name, address, action, resource, before, after, count, trace_id)
        VALUES (@Id, @OccurredAt, @actorId, @actorName, @address, @Action, @Resource, @before::jsonb, @after::jsonb,
            @Count, @TraceId)
        ON CONFLICT (id) DO NOTHING
        """;

    /// <summary>Adds an entry.</summary>
    /// <param name="transaction">The transaction of the change.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="cancellationToken">Cancels the command.</param>
    public static Task AddAsync(
        NpgsqlTransaction transaction,
        AuditEntry entry,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return AddAsync(transaction.Connection!, transaction, entry, cancellationToken);
    }

    internal static Task AddAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        AuditEntry entry,
        CancellationToken cancellationToken
    ) =>
        connection.ExecuteAsync(
            new CommandDefinition(
                Insert,
                new
                {
                    entry.Id,
                    entry.OccurredAt,
                    actorId = entry.Actor.Id,
                    actorName = entry.Actor.Name,
                    address = entry.Actor.Address,
                    entry.Action,
                    entry.Resource,
                    before = entry.Before?.GetRawText(),
                    after = entry.After?.GetRawText(),
                    entry.Count,
                    entry.TraceId,
                },
                transaction,
                cancellationToken: cancellationToken
            )
        );
}
