using System.Security.Cryptography;
using System.Text;
using CogniForge.Serving.Tests.Models;
using Npgsql;

namespace CogniForge.Serving.Tests.Servers;

/// <summary>The database of a release before versions had states.</summary>
[Trait("Category", "Servers")]
public sealed class UpgradeTests(RealPostgres postgres) : IClassFixture<RealPostgres>
{
    private const string First = "0001_model_and_inference.sql";

    [Fact]
    public async Task Start_ModelOfEarlierRelease_StillServes()
    {
        var database = await postgres.NewDatabaseAsync();
        await FillAsync(database.ConnectionString);
        await using var service = await ServingOnPostgres.StartAsync(database);
        var registry = new RegistryClient(service.Client);

        var model = Assert.Single(await registry.ListAsync("", 10));
        Assert.Equal(
            ("old", 1),
            (model.GetProperty("name").GetString(), model.GetProperty("servingVersion").GetInt32())
        );
        var version = await registry.ReadAsync(200, "GET", "/old/versions/1");
        Assert.Equal(
            """[{"name":"features","datatype":"FP64","shape":[-1,1]}]""",
            version.GetProperty("schema").GetProperty("inputs").GetRawText()
        );
        var next = await registry.ReadAsync(201, "POST", "/old/versions", RegistryClient.Mock);
        Assert.Equal(2, next.GetProperty("version").GetInt32());
    }

    /// <summary>Applies the first migration and adds a model, as that release did.</summary>
    private static async Task FillAsync(string database)
    {
        var resource = typeof(Program)
            .Assembly.GetManifestResourceNames()
            .Single(n => n.EndsWith(First, StringComparison.Ordinal));
        using var reader = new StreamReader(typeof(Program).Assembly.GetManifestResourceStream(resource)!);
        var sql = (await reader.ReadToEndAsync()).ReplaceLineEndings("\n");
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
        await using var source = NpgsqlDataSource.Create(database);
        await using var fill = source.CreateCommand(
            $$"""
            {{sql}}
            CREATE TABLE schema_migration (
                component text NOT NULL, number int NOT NULL, name text NOT NULL, sha256 text NOT NULL,
                applied_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (component, number));
            INSERT INTO schema_migration (component, number, name, sha256)
            VALUES ('CogniForge.Serving', 1, '{{First}}', '{{sha256}}');
            INSERT INTO model (name, created_at) VALUES ('old', now());
            INSERT INTO model_version (id, name, version, kind, definition, created_at)
            VALUES (gen_random_uuid(), 'old', 1, 'logistic',
                '{"inputs": ["x"], "classes": ["no", "yes"], "intercept": 0, "coefficients": [1]}', now());
            """
        );
        await fill.ExecuteNonQueryAsync();
    }
}
