using CogniForge.Messaging;
using CogniForge.Messaging.TransactionalOutbox;
using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.Postgres;
using Dapper;
using Npgsql;

namespace CogniForge.Serving.Models;

internal sealed class PostgresModelStore(Database database, Outbox outbox) : IModelStore
{
    private const string Columns = "id, name, version, definition::text AS definition, created_at";

    // Reads the rows of the page and the next one, but no definition beyond them: a model may have megabytes.
    private const string List = $"""
        WITH page AS (
            SELECT id, octet_length(definition::text) AS bytes FROM model_version v
            WHERE id > @after AND version = (SELECT max(version) FROM model_version n WHERE n.name = v.name)
            ORDER BY id LIMIT @limit
        ), sums AS (
            SELECT id, bytes, sum(bytes) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 2 PRECEDING) AS earlier
            FROM page
        )
        SELECT {Columns}, bytes FROM model_version JOIN sums USING (id)
        WHERE coalesce(earlier, 0) < @maxBytes ORDER BY id
        """;

    public Task<bool> AddAsync(
        ModelVersion version,
        CloudEvent announcement,
        AuditEntry entry,
        CancellationToken cancellationToken
    ) =>
        database.RunAsync(
            connection => AddAsync(connection, version, announcement, entry, cancellationToken),
            cancellationToken
        );

    public async Task<ModelVersion?> FindAsync(string name, int? version, CancellationToken cancellationToken)
    {
        var row = await database.RunAsync(
            connection =>
                connection.QueryFirstOrDefaultAsync<Row>(
                    new CommandDefinition(
                        $"""
                        SELECT {Columns} FROM model_version
                        WHERE name = @name AND (@version IS NULL OR version = @version)
                        ORDER BY version DESC LIMIT 1
                        """,
                        new { name, version },
                        cancellationToken: cancellationToken
                    )
                ),
            cancellationToken
        );
        return row?.ToVersion();
    }

    public async Task<Page<ModelVersion>> ListAsync(Cursor cursor, int limit, CancellationToken cancellationToken)
    {
        var rows = await database.RunAsync(
            connection =>
                connection.QueryAsync<SizedRow>(
                    new CommandDefinition(
                        List,
                        new
                        {
                            after = cursor.AfterId,
                            limit = limit + 1,
                            maxBytes = Page.MaxBytes,
                        },
                        cancellationToken: cancellationToken
                    )
                ),
            cancellationToken
        );
        var page = Page.Create([.. rows], limit, r => Cursor.After(r.Id), r => r.Bytes);
        return new([.. page.Items.Select(r => r.ToVersion())], page.Next);
    }

    public Task<long> CountAsync(CancellationToken cancellationToken) =>
        database.RunAsync(
            connection =>
                connection.ExecuteScalarAsync<long>(
                    new CommandDefinition("SELECT count(*) FROM model", cancellationToken: cancellationToken)
                ),
            cancellationToken
        );

    private async Task<bool> AddAsync(
        NpgsqlConnection connection,
        ModelVersion version,
        CloudEvent announcement,
        AuditEntry entry,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var added = await connection.ExecuteAsync(
            new CommandDefinition(
                "INSERT INTO model (name, created_at) VALUES (@Name, @CreatedAt) ON CONFLICT (name) DO NOTHING",
                version,
                transaction,
                cancellationToken: cancellationToken
            )
        );
        if (added == 0)
        {
            return false;
        }

        await connection.ExecuteAsync(
            new CommandDefinition(
                """
                INSERT INTO model_version (id, name, version, kind, definition, created_at)
                VALUES (@Id, @Name, @Version, @Kind, @definition::jsonb, @CreatedAt)
                """,
                new
                {
                    version.Id,
                    version.Name,
                    version.Version,
                    version.Kind,
                    definition = LogisticDefinition.Write(version.Definition),
                    version.CreatedAt,
                },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        await PostgresAuditLog.AddAsync(transaction, entry, cancellationToken);
        await outbox.CommitAsync(transaction, [announcement], cancellationToken);
        return true;
    }

    private record Row(Guid Id, string Name, int Version, string Definition, DateTime Created_At)
    {
        public ModelVersion ToVersion() => new(Id, Name, Version, LogisticDefinition.Read(Definition), Created_At);
    }

    private sealed record SizedRow(
        Guid Id,
        string Name,
        int Version,
        string Definition,
        DateTime Created_At,
        int Bytes
    ) : Row(Id, Name, Version, Definition, Created_At);
}
