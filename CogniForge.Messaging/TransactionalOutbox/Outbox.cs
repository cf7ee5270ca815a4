using System.Diagnostics;
using Dapper;
using Npgsql;

namespace CogniForge.Messaging.TransactionalOutbox;

/// <summary>
/// The transactional outbox: stores an event in the transaction of its change and publishes it after the commit, at
/// least once. It guarantees no order: consumers compare versions or times.
/// </summary>
public sealed class Outbox
{
    internal OutboxSignal Signal { get; } = new();

    /// <summary>Identifies this process among those that share the database.</summary>
    internal string Replica { get; } = Guid.CreateVersion7().ToString();

    /// <summary>Stores events in the transaction of their change, commits it and publishes them at once.</summary>
    /// <param name="transaction">The transaction of the change.</param>
    /// <param name="events">The events; an event without a trace context joins the current trace.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
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
            // After the commit, because the rows are invisible before; after a failure too, which may hide a commit.
            Signal.SetCommitted();
        }
    }

    /// <summary>Stores an event in the caller's transaction without a signal: the next poll publishes it.</summary>
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
