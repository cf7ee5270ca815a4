using System.Diagnostics;
using Dapper;
using Npgsql;

namespace CogniForge.Messaging.TransactionalOutbox;

/// <summary>
/// The transactional outbox: an event that belongs to a change of the database is stored in the same transaction, and
/// published right after the commit, at least once. Order is not promised: consumers compare versions or times.
/// </summary>
public sealed class Outbox
{
    internal OutboxSignal Signal { get; } = new();

    /// <summary>Tells this process from the others that share the database.</summary>
    internal string Replica { get; } = Guid.CreateVersion7().ToString();

    /// <summary>Stores events in the transaction of their change, commits it, and publishes them at once.</summary>
    /// <param name="transaction">The transaction of the change.</param>
    /// <param name="events">The events; one without a trace joins the current one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task CommitAsync(
        NpgsqlTransaction transaction,
        IReadOnlyCollection<CloudEvent> events,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(events);
        foreach (var e in events)
        {
            await AddAsync(transaction, e, cancellationToken);
        }

        try
        {
            await transaction.CommitAsync(cancellationToken);
        }
        finally
        {
            // Not before the commit, when the rows are invisible; also after a failure, which may hide a commit.
            Signal.SetCommitted();
        }
    }

    /// <summary>Stores an event in the caller's transaction without a signal: it waits for the poll.</summary>
    internal static Task AddAsync(
        NpgsqlTransaction transaction,
        CloudEvent cloudEvent,
        CancellationToken cancellationToken
    ) =>
        transaction.Connection!.ExecuteAsync(
            new CommandDefinition(
                """
                INSERT INTO outbox (id, type, source, occurred_at, trace_parent, data)
                VALUES (@id, @Type, @Source, @Time, @trace, @data)
                """,
                new
                {
                    id = Guid.Parse(cloudEvent.Id),
                    cloudEvent.Type,
                    cloudEvent.Source,
                    cloudEvent.Time,
                    trace = cloudEvent.TraceParent ?? Activity.Current?.Id,
                    data = cloudEvent.Data.ToArray(),
                },
                transaction,
                cancellationToken: cancellationToken
            )
        );
}
