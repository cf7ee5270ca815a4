using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Npgsql;

namespace CogniForge.ServiceDefaults.Postgres;

/// <summary>
/// Applies the numbered SQL files that an assembly embeds (<c>…/Migrations/0001_name.sql</c>) once each, in order. An
/// advisory lock lets replicas start concurrently.
/// </summary>
internal static class Migrations
{
    // Another replica may hold the lock, and changing a large table takes time.
    private const int NoTimeout = 0;

    private const string LockAndTable = """
        SELECT pg_advisory_xact_lock(hashtextextended('cogniforge.migrations', 0));
        CREATE TABLE IF NOT EXISTS schema_migration (
            component text NOT NULL,
            number int NOT NULL,
            name text NOT NULL,
            sha256 text NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (component, number));
        """;

    /// <summary>Applies the missing migrations, each in its own transaction.</summary>
    /// <exception cref="InvalidOperationException">An applied file has changed.</exception>
    /// <exception cref="PostgresException">A file's SQL failed; its transaction is rolled back.</exception>
    public static async Task ApplyAsync(
        NpgsqlDataSource database,
        Assembly assembly,
        CancellationToken cancellationToken
    )
    {
        var component = assembly.GetName().Name!;
        foreach (var migration in Read(assembly))
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await connection.ExecuteAsync(
                new CommandDefinition(
                    LockAndTable,
                    transaction: transaction,
                    commandTimeout: NoTimeout,
                    cancellationToken: cancellationToken
                )
            );
            var applied = await connection.QuerySingleOrDefaultAsync<string>(
                new CommandDefinition(
                    "SELECT sha256 FROM schema_migration WHERE component = @component AND number = @Number",
                    new { component, migration.Number },
                    transaction,
                    cancellationToken: cancellationToken
                )
            );
            if (applied is not null && applied != migration.Sha256)
            {
                throw new InvalidOperationException(
                    $"{component}: migration {migration.Name} has changed since it was applied; add a new one instead."
                );
            }

            if (applied is null)
            {
                await connection.ExecuteAsync(
                    new CommandDefinition(
                        migration.Sql,
                        transaction: transaction,
                        commandTimeout: NoTimeout,
                        cancellationToken: cancellationToken
                    )
                );
                await connection.ExecuteAsync(
                    new CommandDefinition(
                        """
                        INSERT INTO schema_migration (component, number, name, sha256)
                        VALUES (@component, @Number, @Name, @Sha256)
                        """,
                        new
                        {
                            component,
                            migration.Number,
                            migration.Name,
                            migration.Sha256,
                        },
                        transaction,
                        cancellationToken: cancellationToken
                    )
                );
            }

            await transaction.CommitAsync(cancellationToken);
        }
    }

    private static IEnumerable<Migration> Read(Assembly assembly)
    {
        const string Folder = ".Migrations.";
        foreach (
            var resource in assembly
                .GetManifestResourceNames()
                .Where(n => n.EndsWith(".sql", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        )
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);

            // The hash must not depend on the checkout's line endings.
            var sql = reader.ReadToEnd().ReplaceLineEndings("\n");
            var name = resource[(resource.IndexOf(Folder, StringComparison.Ordinal) + Folder.Length)..];
            yield return new(
                int.Parse(name.AsSpan(0, 4), provider: null),
                name,
                sql,
                Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)))
            );
        }
    }

    private sealed record Migration(int Number, string Name, string Sql, string Sha256);
}
