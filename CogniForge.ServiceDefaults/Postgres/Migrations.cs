using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Npgsql;

namespace CogniForge.ServiceDefaults.Postgres;

/// <summary>
/// Applies the numbered SQL files that an assembly embeds (<c>…/Migrations/0001_name.sql</c>), each once, in order and in a transaction of its own,
/// under an advisory lock, so that any number of replicas may start at the same time.
/// </summary>
internal static class Migrations
{
    // As long as it takes: another replica may hold the lock for a while, and a large table may take long to change.
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

    /// <summary>Applies what is missing.</summary>
    /// <exception cref="InvalidOperationException">A file that was applied before has another content now.</exception>
    /// <exception cref="PostgresException">A file's SQL is refused; nothing of that file is kept.</exception>
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
                    $"{component}: migration {migration.Name} was changed after it had been applied; add a new one instead."
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
                        "INSERT INTO schema_migration (component, number, name, sha256) VALUES (@component, @Number, @Name, @Sha256)",
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

            // A checkout with other line ends is the same migration.
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
