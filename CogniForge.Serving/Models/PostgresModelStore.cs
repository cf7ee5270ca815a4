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
                connection.QueryAsync<Row>(
                    new CommandDefinition(
                        $"""
                        SELECT {Columns} FROM model_version v
                        WHERE id > @after AND version = (SELECT max(version) FROM model_version n WHERE n.name = v.name)
                        ORDER BY id LIMIT @limit
                        """,
                        new { after = cursor.AfterId, limit = limit + 1 },
                        cancellationToken: cancellationToken
                    )
                ),
            cancellationToken
        );
        return Page.Create([.. rows.Select(r => r.ToVersion())], limit, v => Cursor.After(v.Id));
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
        await AuditTable.AddAsync(transaction, entry, cancellationToken);
        await outbox.CommitAsync(transaction, [announcement], cancellationToken);
        return true;
    }

    private sealed record Row(Guid Id, string Name, int Version, string Definition, DateTime Created_At)
    {
        public ModelVersion ToVersion() => new(Id, Name, Version, LogisticDefinition.Read(Definition), Created_At);
    }
}
