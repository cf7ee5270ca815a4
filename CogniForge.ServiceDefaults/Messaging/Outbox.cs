using System.Diagnostics;
using CogniForge.ServiceDefaults.Postgres;
using Dapper;
using Npgsql;

namespace CogniForge.ServiceDefaults.Messaging;

/// <summary>
/// The transactional outbox: an event that belongs to a change of the database is stored in the same transaction, so that both happen or neither, and published afterwards, at least once.
/// </summary>
public static class Outbox
{
    /// <summary>Stores an event in the caller's transaction.</summary>
    /// <param name="transaction">The transaction of the change.</param>
    /// <param name="cloudEvent">The event; without a trace it joins the current one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task AddAsync(NpgsqlTransaction transaction, CloudEvent cloudEvent, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "INSERT INTO outbox (id, type, source, occurred_at, trace_parent, data) VALUES (@id, @Type, @Source, @Time, @trace, @data)",
            new
            {
                id = Guid.Parse(cloudEvent.Id),
                cloudEvent.Type,
                cloudEvent.Source,
                cloudEvent.Time,
                trace = cloudEvent.TraceParent ?? Activity.Current?.Id,
                data = cloudEvent.Data.ToArray(),
            },
            transaction, cancellationToken: cancellationToken));
}

/// <summary>Publishes what the outbox holds. Every replica does; <c>SKIP LOCKED</c> keeps them off each other's rows.</summary>
internal sealed partial class OutboxDispatcher(
    NpgsqlDataSource database, IEventPublisher publisher, MigrationStatus migrations, TimeProvider time, ILogger<OutboxDispatcher> logger) : BackgroundService
{
    private const int BatchSize = 100;
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await migrations.Applied.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(_interval, time);
        do
        {
            try
            {
                // What nobody has a queue for is left out for the rest of the round: it must not hold up what others wait for.
                var withoutQueue = new HashSet<string>(StringComparer.Ordinal);
                while (await DispatchAsync(withoutQueue, stoppingToken) == BatchSize)
                {
                }

                if (withoutQueue.Count > 0)
                {
                    Log.Waiting(logger, $"no queue takes {string.Join(", ", withoutQueue)} yet");
                }
            }
            catch (Exception e) when (Availability.IsOutage(e))
            {
                Log.Waiting(logger, e.Message);
            }
            catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<int> DispatchAsync(HashSet<string> withoutQueue, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(
            "SELECT id, type, source, occurred_at, trace_parent, data FROM outbox WHERE type <> ALL (@withoutQueue) ORDER BY id LIMIT @BatchSize FOR UPDATE SKIP LOCKED",
            new { withoutQueue = withoutQueue.ToArray(), BatchSize }, transaction, cancellationToken: cancellationToken))).ToList();

        var published = new List<Guid>();
        BrokerUnavailableException? failure = null;
        foreach (var row in rows.TakeWhile(_ => failure is null).Where(r => !withoutQueue.Contains(r.Type)))
        {
            try
            {
                await publisher.PublishAsync(row.ToEvent(), cancellationToken);
                published.Add(row.Id);
            }
            catch (BrokerUnavailableException e) when (e.NoQueue)
            {
                withoutQueue.Add(row.Type);
            }
            catch (BrokerUnavailableException e)
            {
                failure = e;
            }
        }

        if (published.Count > 0)
        {
            await connection.ExecuteAsync(new CommandDefinition("DELETE FROM outbox WHERE id = ANY(@published)", new { published = published.ToArray() }, transaction, cancellationToken: cancellationToken));
            await transaction.CommitAsync(cancellationToken);
        }

        return failure is null ? rows.Count : throw failure;
    }

    private sealed record Row(Guid Id, string Type, string Source, DateTime Occurred_At, string? Trace_Parent, byte[] Data)
    {
        public CloudEvent ToEvent() => new(Id.ToString(), Type, Source, Occurred_At, Data, Trace_Parent);
    }

    private static partial class Log
    {
        [LoggerMessage(310, LogLevel.Debug, "The outbox waits: {Reason}")]
        public static partial void Waiting(ILogger logger, string reason);

        [LoggerMessage(311, LogLevel.Error, "The outbox could not be emptied; it is tried again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
