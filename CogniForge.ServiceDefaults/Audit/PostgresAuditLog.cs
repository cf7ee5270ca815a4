using System.Text.Json;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.Postgres;
using Dapper;
using Npgsql;

namespace CogniForge.ServiceDefaults.Audit;

/// <summary>The audit in the service's database.</summary>
/// <param name="database">The database.</param>
public sealed class PostgresAuditLog(Database database) : IAuditLog
{
    /// <summary>The maximum size of the states on a page, characters.</summary>
    private const int MaxPageChars = 1024 * 1024;

    // A commit that was not confirmed is repeated.
    private const string Insert = """
        INSERT INTO audit_entry
            (id, occurred_at, actor_id, actor_name, address, action, resource, before, after, count, trace_id)
        VALUES (@Id, @OccurredAt, @actorId, @actorName, @address, @Action, @Resource, @before::jsonb, @after::jsonb,
            @Count, @TraceId)
        ON CONFLICT (id) DO NOTHING
        """;

    private const string List = """
        SELECT id, occurred_at, actor_id, actor_name, address, action, resource, before::text AS before,
            after::text AS after, count, trace_id
        FROM audit_entry
        WHERE (@before::uuid IS NULL OR id < @before)
            AND (@Actor::text IS NULL OR actor_id = @Actor)
            AND (@Action::text IS NULL OR action = @Action)
            AND (@Resource::text IS NULL OR resource = @Resource)
            AND (@Address::text IS NULL OR address = @Address)
            AND (@From::timestamptz IS NULL OR occurred_at >= @From)
            AND (@To::timestamptz IS NULL OR occurred_at < @To)
        ORDER BY id DESC LIMIT @limit
        """;

    /// <summary>Adds an entry in the transaction of the change.</summary>
    /// <param name="transaction">The transaction of the change.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="cancellationToken">Cancels the command.</param>
    public static Task AddAsync(NpgsqlTransaction transaction, AuditEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return AddAsync(transaction.Connection!, transaction, entry, cancellationToken);
    }

    /// <inheritdoc/>
    public Task AddAsync(AuditEntry entry, CancellationToken cancellationToken) =>
        database.RunAsync(connection => AddAsync(connection, null, entry, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<Page<AuditEntry>> ListAsync(
        AuditFilter filter,
        Cursor cursor,
        int limit,
        CancellationToken cancellationToken
    ) =>
        database.RunAsync(
            connection => ListAsync(connection, filter, cursor, limit, cancellationToken),
            cancellationToken
        );

    private static Task<int> AddAsync(
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

    private static async Task<Page<AuditEntry>> ListAsync(
        NpgsqlConnection connection,
        AuditFilter filter,
        Cursor cursor,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var rows = connection.QueryUnbufferedAsync<Row>(
            List,
            new
            {
                before = cursor.AfterId == default ? (Guid?)null : cursor.AfterId,
                filter.Actor,
                filter.Action,
                filter.Resource,
                filter.Address,
                From = filter.From?.ToUniversalTime(),
                To = filter.To?.ToUniversalTime(),
                limit = limit + 1,
            }
        );
        var (entries, chars) = (new List<AuditEntry>(), 0);
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            chars += (row.Before?.Length ?? 0) + (row.After?.Length ?? 0);
            if (entries.Count > 0 && (entries.Count == limit || chars > MaxPageChars))
            {
                return new(entries, Cursor.After(entries[^1].Id).ToString());
            }

            entries.Add(row.ToEntry());
        }

        return new(entries, null);
    }

    private sealed record Row(
        Guid Id,
        DateTime Occurred_At,
        string Actor_Id,
        string Actor_Name,
        string? Address,
        string Action,
        string? Resource,
        string? Before,
        string? After,
        int Count,
        string? Trace_Id
    )
    {
        public AuditEntry ToEntry() =>
            new(
                Id,
                Occurred_At,
                new(Actor_Id, Actor_Name, Address),
                Action,
                Resource,
                Parse(Before),
                Parse(After),
                Count,
                Trace_Id
            );

        private static JsonElement? Parse(string? json) =>
            json is null ? null : JsonSerializer.Deserialize<JsonElement>(json);
    }
}
