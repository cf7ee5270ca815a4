using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Postgres;
using Dapper;
using Npgsql;

namespace CogniForge.Llm.Configuration;

internal sealed class PostgresConfigStore(Database database) : IConfigStore
{
    private const string Select =
        "SELECT kind, name, document::text FROM setting ORDER BY kind COLLATE \"C\", name COLLATE \"C\"";

    public async Task<IReadOnlyList<ConfigEntry>> ReadAsync(CancellationToken cancellationToken) =>
        [
            .. await database.RunAsync(
                connection =>
                    connection.QueryAsync<ConfigEntry>(
                        new CommandDefinition(Select, cancellationToken: cancellationToken)
                    ),
                cancellationToken
            ),
        ];

    public Task ChangeAsync(
        Func<IReadOnlyList<ConfigEntry>, ConfigChange?> decide,
        AuditedRequest request,
        CancellationToken cancellationToken
    ) =>
        database.RunAsync(connection => ChangeAsync(connection, decide, request, cancellationToken), cancellationToken);

    private static async Task ChangeAsync(
        NpgsqlConnection connection,
        Func<IReadOnlyList<ConfigEntry>, ConfigChange?> decide,
        AuditedRequest request,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(
                "SELECT pg_advisory_xact_lock(hashtextextended('cogniforge.llm.setting', 0))",
                transaction: transaction,
                cancellationToken: cancellationToken
            )
        );
        var entries = await connection.QueryAsync<ConfigEntry>(
            new CommandDefinition(Select, transaction: transaction, cancellationToken: cancellationToken)
        );
        IReadOnlyList<ConfigEntry> all = [.. entries];
        if (decide(all) is { } change)
        {
            var sql = change.Document is null
                ? "DELETE FROM setting WHERE kind = @Kind AND name = @Name"
                : """
                    INSERT INTO setting (kind, name, document) VALUES (@Kind, @Name, @Document::json)
                    ON CONFLICT (kind, name) DO UPDATE SET document = excluded.document, changed_at = now()
                    """;
            await connection.ExecuteAsync(
                new CommandDefinition(sql, change, transaction, cancellationToken: cancellationToken)
            );
            await PostgresAuditLog.AddAsync(transaction, change.ToAuditEntry(all, request), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
    }
}
