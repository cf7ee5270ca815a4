using CogniForge.ServiceDefaults.Postgres;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace CogniForge.Analytics.Ingestion;

/// <summary>
/// Copies a batch into a temporary table, then inserts the new rows: COPY itself cannot skip duplicates.
/// </summary>
internal sealed class PostgresUserEventStore(Database database) : IUserEventStore
{
    private const string Columns =
        "source, message_id, event, user_id, anonymous_id, properties, occurred_at, received_at";

    public Task AddAsync(IReadOnlyList<UserEvent> events, CancellationToken cancellationToken) =>
        database.RunAsync(connection => AddAsync(connection, events, cancellationToken), cancellationToken);

    public Task<long> CountAsync(string? name, CancellationToken cancellationToken) =>
        database.RunAsync(
            connection =>
                connection.ExecuteScalarAsync<long>(
                    new CommandDefinition(
                        name is null
                            ? "SELECT count(*) FROM user_event"
                            : "SELECT count(*) FROM user_event WHERE event = @name",
                        new { name },
                        cancellationToken: cancellationToken
                    )
                ),
            cancellationToken
        );

    private static async Task AddAsync(
        NpgsqlConnection connection,
        IReadOnlyList<UserEvent> events,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(
                "CREATE TEMPORARY TABLE batch (LIKE user_event) ON COMMIT DROP",
                transaction: transaction,
                cancellationToken: cancellationToken
            )
        );
        await using (
            var copy = await connection.BeginBinaryImportAsync(
                $"COPY batch ({Columns}) FROM STDIN (FORMAT BINARY)",
                cancellationToken
            )
        )
        {
            foreach (var e in events)
            {
                await copy.StartRowAsync(cancellationToken);
                await copy.WriteAsync(e.Source, NpgsqlDbType.Text, cancellationToken);
                await copy.WriteAsync(e.MessageId, NpgsqlDbType.Text, cancellationToken);
                await copy.WriteAsync(e.Event, NpgsqlDbType.Text, cancellationToken);
                await WriteAsync(copy, e.UserId, NpgsqlDbType.Text, cancellationToken);
                await WriteAsync(copy, e.AnonymousId, NpgsqlDbType.Text, cancellationToken);
                await WriteAsync(copy, e.Properties?.GetRawText(), NpgsqlDbType.Jsonb, cancellationToken);
                await copy.WriteAsync(e.OccurredAt.ToUniversalTime(), NpgsqlDbType.TimestampTz, cancellationToken);
                await copy.WriteAsync(e.ReceivedAt.ToUniversalTime(), NpgsqlDbType.TimestampTz, cancellationToken);
            }

            await copy.CompleteAsync(cancellationToken);
        }

        await connection.ExecuteAsync(
            new CommandDefinition(
                $"""
                INSERT INTO user_event ({Columns})
                SELECT {Columns} FROM batch
                ON CONFLICT (source, message_id) DO NOTHING
                """,
                transaction: transaction,
                cancellationToken: cancellationToken
            )
        );
        await transaction.CommitAsync(cancellationToken);
    }

    private static Task WriteAsync(
        NpgsqlBinaryImporter copy,
        string? value,
        NpgsqlDbType type,
        CancellationToken cancellationToken
    ) => value is null ? copy.WriteNullAsync(cancellationToken) : copy.WriteAsync(value, type, cancellationToken);
}
