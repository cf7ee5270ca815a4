using CogniForge.Messaging;
using CogniForge.Messaging.TransactionalOutbox;
using CogniForge.ServiceDefaults.Postgres;
using Dapper;
using Npgsql;

namespace CogniForge.Bench.Suites.Outboxes;

/// <summary>The baseline for the real outbox: polls each second and publishes one by one.</summary>
internal sealed class PolledOutbox(NpgsqlDataSource database, IEventPublisher publisher, MigrationStatus migrations)
    : BackgroundService
{
    private const int BatchSize = 100;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await migrations.Applied.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        do
        {
            while (await DispatchAsync(stoppingToken) == BatchSize) { }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<int> DispatchAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var rows = (
            await connection.QueryAsync<OutboxRow>(
                """
                SELECT id, type, source, occurred_at, trace_parent, data FROM outbox
                ORDER BY id LIMIT @BatchSize FOR UPDATE SKIP LOCKED
                """,
                new { BatchSize },
                transaction
            )
        ).ToList();
        foreach (var row in rows)
        {
            await publisher.PublishAsync(row.ToEvent(), cancellationToken);
        }

        await connection.ExecuteAsync(
            "DELETE FROM outbox WHERE id = ANY (@ids)",
            new { ids = rows.Select(r => r.Id).ToArray() },
            transaction
        );
        await transaction.CommitAsync(cancellationToken);
        return rows.Count;
    }
}
