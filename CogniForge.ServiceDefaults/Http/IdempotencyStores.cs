using CogniForge.ServiceDefaults.Postgres;
using Dapper;
using Npgsql;

namespace CogniForge.ServiceDefaults.Http;

/// <summary>A client's key: each caller has its own.</summary>
internal readonly record struct IdempotencySlot(string Caller, string Key);

/// <summary>The answer that is given again.</summary>
internal sealed record IdempotentAnswer(int Status, string? ContentType, string? Location, byte[] Body);

/// <summary>What is known of a key when a request with it arrives.</summary>
internal abstract record IdempotencyState
{
    public sealed record New : IdempotencyState;

    public sealed record InProgress : IdempotencyState;

    public sealed record OtherRequest : IdempotencyState;

    public sealed record Answered(IdempotentAnswer Answer) : IdempotencyState;
}

/// <summary>Was this request answered before?</summary>
internal interface IIdempotencyStore
{
    /// <summary>How long an answer is remembered.</summary>
    static readonly TimeSpan Retention = TimeSpan.FromHours(24);

    /// <summary>After this time without an answer the process that worked on the request counts as gone, and the key is free again.</summary>
    static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    /// <summary>Takes the key for a new request, or tells what is known of it.</summary>
    Task<IdempotencyState> BeginAsync(IdempotencySlot slot, byte[] fingerprint, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Remembers the answer; without one (the request failed) the key is free again. Who took so long that another has taken the key changes nothing.</summary>
    /// <param name="slot">The key.</param>
    /// <param name="begun">When the key was taken, as <see cref="BeginAsync"/> was told.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task EndAsync(IdempotencySlot slot, DateTimeOffset begun, IdempotentAnswer? answer, CancellationToken cancellationToken);

    /// <summary>Forgets what is older than <see cref="Retention"/>.</summary>
    Task ForgetAsync(DateTimeOffset now, CancellationToken cancellationToken);
}

internal sealed class PostgresIdempotencyStore(Database database) : IIdempotencyStore
{
    public Task<IdempotencyState> BeginAsync(IdempotencySlot slot, byte[] fingerprint, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.RunAsync(connection => BeginAsync(connection, slot, fingerprint, now, cancellationToken), cancellationToken);

    public Task EndAsync(IdempotencySlot slot, DateTimeOffset begun, IdempotentAnswer? answer, CancellationToken cancellationToken)
    {
        var change = answer is null
            ? "DELETE FROM idempotency_key"
            : "UPDATE idempotency_key SET status = @Status, content_type = @ContentType, location = @Location, body = @Body";
        return database.RunAsync(connection => connection.ExecuteAsync(new CommandDefinition(
            $"{change} WHERE caller = @Caller AND key = @Key AND created_at = @begun AND status IS NULL",
            new { slot.Caller, slot.Key, begun, answer?.Status, answer?.ContentType, answer?.Location, answer?.Body }, cancellationToken: cancellationToken)), cancellationToken);
    }

    public Task ForgetAsync(DateTimeOffset now, CancellationToken cancellationToken) => database.RunAsync(connection => connection.ExecuteAsync(new CommandDefinition(
        "DELETE FROM idempotency_key WHERE created_at < @forgotten", new { forgotten = now - IIdempotencyStore.Retention }, cancellationToken: cancellationToken)), cancellationToken);

    private static async Task<IdempotencyState> BeginAsync(NpgsqlConnection connection, IdempotencySlot slot, byte[] fingerprint, DateTimeOffset now, CancellationToken cancellationToken)
    {
        const string Take = """
            INSERT INTO idempotency_key AS k (caller, key, fingerprint, created_at) VALUES (@Caller, @Key, @fingerprint, @now)
            ON CONFLICT (caller, key) DO UPDATE
                SET fingerprint = excluded.fingerprint, created_at = excluded.created_at, status = NULL, content_type = NULL, location = NULL, body = NULL
                WHERE k.created_at < @forgotten OR (k.status IS NULL AND k.created_at < @abandoned)
            """;
        var parameters = new { slot.Caller, slot.Key, fingerprint, now, forgotten = now - IIdempotencyStore.Retention, abandoned = now - IIdempotencyStore.Lease };
        if (await connection.ExecuteAsync(new CommandDefinition(Take, parameters, cancellationToken: cancellationToken)) == 1)
        {
            return new IdempotencyState.New();
        }

        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            "SELECT fingerprint, status, content_type, location, body FROM idempotency_key WHERE caller = @Caller AND key = @Key",
            parameters, cancellationToken: cancellationToken));
        return row switch
        {
            null => new IdempotencyState.InProgress(), // freed between the two statements: the client's next try takes it
            _ when !row.Fingerprint.AsSpan().SequenceEqual(fingerprint) => new IdempotencyState.OtherRequest(),
            { Status: null } => new IdempotencyState.InProgress(),
            _ => new IdempotencyState.Answered(new(row.Status.Value, row.Content_Type, row.Location, row.Body!)),
        };
    }

    private sealed record Row(byte[] Fingerprint, int? Status, string? Content_Type, string? Location, byte[]? Body);
}

internal sealed class InMemoryIdempotencyStore : IIdempotencyStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IdempotencySlot, (byte[] Fingerprint, DateTimeOffset CreatedAt, IdempotentAnswer? Answer)> _slots = [];

    public Task<IdempotencyState> BeginAsync(IdempotencySlot slot, byte[] fingerprint, DateTimeOffset now, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var known = _slots.TryGetValue(slot, out var entry);
            if (!known || entry.CreatedAt < now - IIdempotencyStore.Retention || (entry.Answer is null && entry.CreatedAt < now - IIdempotencyStore.Lease))
            {
                _slots[slot] = (fingerprint, now, null);
                return Task.FromResult<IdempotencyState>(new IdempotencyState.New());
            }

            return Task.FromResult<IdempotencyState>(
                !entry.Fingerprint.AsSpan().SequenceEqual(fingerprint) ? new IdempotencyState.OtherRequest()
                : entry.Answer is null ? new IdempotencyState.InProgress()
                : new IdempotencyState.Answered(entry.Answer));
        }
    }

    public Task EndAsync(IdempotencySlot slot, DateTimeOffset begun, IdempotentAnswer? answer, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_slots.TryGetValue(slot, out var entry) || entry.CreatedAt != begun || entry.Answer is not null)
            {
                return Task.CompletedTask;
            }

            if (answer is null)
            {
                _slots.Remove(slot);
            }
            else
            {
                _slots[slot] = entry with { Answer = answer };
            }
        }

        return Task.CompletedTask;
    }

    public Task ForgetAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var slot in _slots.Where(s => s.Value.CreatedAt < now - IIdempotencyStore.Retention).Select(s => s.Key).ToList())
            {
                _slots.Remove(slot);
            }
        }

        return Task.CompletedTask;
    }
}

/// <summary>Keeps the table of idempotency keys as small as a day's requests.</summary>
internal sealed class IdempotencyCleanUp(
    IIdempotencyStore store, ILeaderLock leaders, MigrationStatus migrations, TimeProvider time, ILogger<IdempotencyCleanUp> logger)
    : LeaderJob("idempotency-clean-up", TimeSpan.FromMinutes(10), leaders, migrations, time, logger)
{
    private readonly TimeProvider _time = time;

    protected override Task RunOnceAsync(CancellationToken cancellationToken) => store.ForgetAsync(_time.GetUtcNow(), cancellationToken);
}
