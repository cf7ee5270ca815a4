using CogniForge.ServiceDefaults.Postgres;
using Dapper;
using Npgsql;

namespace CogniForge.ServiceDefaults.Idempotency;

internal sealed class PostgresIdempotencyStore(Database database) : IIdempotencyStore
{
    public Task<IdempotencyState> BeginAsync(
        IdempotencySlot slot,
        byte[] fingerprint,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        database.RunAsync(
            connection => BeginAsync(connection, slot, fingerprint, now, cancellationToken),
            cancellationToken
        );

    public Task EndAsync(
        IdempotencySlot slot,
        DateTimeOffset begun,
        IdempotentResponse? response,
        CancellationToken cancellationToken
    )
    {
        var change = response is null
            ? "DELETE FROM idempotency_key"
            : """
                UPDATE idempotency_key
                SET status = @Status, content_type = @ContentType, location = @Location, body = @Body
                """;
        return database.RunAsync(
            connection =>
                connection.ExecuteAsync(
                    new CommandDefinition(
                        $"{change} WHERE caller = @Caller AND key = @Key AND created_at = @begun AND status IS NULL",
                        new
                        {
                            slot.Caller,
                            slot.Key,
                            begun,
                            response?.Status,
                            response?.ContentType,
                            response?.Location,
                            response?.Body,
                        },
                        cancellationToken: cancellationToken
                    )
                ),
            cancellationToken
        );
    }

    public Task ForgetAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        database.RunAsync(
            connection =>
                connection.ExecuteAsync(
                    new CommandDefinition(
                        "DELETE FROM idempotency_key WHERE created_at < @forgotten",
                        new { forgotten = now - IIdempotencyStore.Retention },
                        cancellationToken: cancellationToken
                    )
                ),
            cancellationToken
        );

    private static async Task<IdempotencyState> BeginAsync(
        NpgsqlConnection connection,
        IdempotencySlot slot,
        byte[] fingerprint,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        const string Take = """
            INSERT INTO idempotency_key AS k (caller, key, fingerprint, created_at)
            VALUES (@Caller, @Key, @fingerprint, @now)
            ON CONFLICT (caller, key) DO UPDATE
                SET fingerprint = excluded.fingerprint, created_at = excluded.created_at,
                    status = NULL, content_type = NULL, location = NULL, body = NULL
                WHERE k.created_at < @forgotten OR (k.status IS NULL AND k.created_at < @abandoned)
            """;
        var parameters = new
        {
            slot.Caller,
            slot.Key,
            fingerprint,
            now,
            forgotten = now - IIdempotencyStore.Retention,
            abandoned = now - IIdempotencyStore.Lease,
        };
        if (
            await connection.ExecuteAsync(new CommandDefinition(Take, parameters, cancellationToken: cancellationToken))
            == 1
        )
        {
            return new IdempotencyState.New();
        }

        var row = await connection.QuerySingleOrDefaultAsync<Row>(
            new CommandDefinition(
                """
                SELECT fingerprint, status, content_type, location, body FROM idempotency_key
                WHERE caller = @Caller AND key = @Key
                """,
                parameters,
                cancellationToken: cancellationToken
            )
        );
        return row switch
        {
            // Freed between the two statements: the client's next attempt claims it.
            null => new IdempotencyState.InProgress(),
            _ when !row.Fingerprint.AsSpan().SequenceEqual(fingerprint) => new IdempotencyState.OtherRequest(),
            { Status: null } => new IdempotencyState.InProgress(),
            _ => new IdempotencyState.Completed(new(row.Status.Value, row.Content_Type, row.Location, row.Body!)),
        };
    }

    private sealed record Row(byte[] Fingerprint, int? Status, string? Content_Type, string? Location, byte[]? Body);
}
