using CogniForge.ServiceDefaults.Postgres;
using CogniForge.ServiceDefaults.Tests.Servers;
using CogniForge.ServiceDefaults.Tests.Support;
using Dapper;
using Npgsql;

namespace CogniForge.ServiceDefaults.Tests.Postgres;

[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public sealed class MigrationTests(RealServers servers) : IAsyncLifetime
{
    private static readonly (string, string) _first = (
        "0001_first.sql",
        "CREATE TABLE note (text text);\nINSERT INTO note VALUES ('first');\n"
    );
    private static readonly (string, string) _second = ("0002_second.sql", "INSERT INTO note VALUES ('second');");
    private NpgsqlDataSource _database = null!;

    public async Task InitializeAsync() => _database = NpgsqlDataSource.Create(await servers.NewDatabaseAsync());

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Apply_ConcurrentReplicas_AppliesEachFileOnceInOrder()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ApplyAsync(_first, _second)));

        Assert.Equal(["first", "second"], await NotesAsync());
    }

    [Fact]
    public async Task Apply_FileAdded_AppliesOnlyIt()
    {
        await ApplyAsync(_first);

        await ApplyAsync(_first, _second);

        Assert.Equal(["first", "second"], await NotesAsync());
    }

    [Fact]
    public async Task Apply_FileChanged_FailsNamingIt()
    {
        await ApplyAsync(_first);

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            ApplyAsync((_first.Item1, _first.Item2 + "-- and more"), _second)
        );

        Assert.Contains("0001_first.sql", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(["first"], await NotesAsync());
    }

    [Fact]
    public async Task Apply_OtherLineEndings_AreIgnored()
    {
        await ApplyAsync(_first);

        await ApplyAsync((_first.Item1, _first.Item2.Replace("\n", "\r\n", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Apply_FileFails_RollsBackOnlyIt()
    {
        await Assert.ThrowsAsync<PostgresException>(() =>
            ApplyAsync(_first, ("0002_bad.sql", "INSERT INTO note VALUES ('half'); INSERT INTO nowhere VALUES (1);"))
        );
        Assert.Equal(["first"], await NotesAsync());

        await ApplyAsync(_first, _second);

        Assert.Equal(["first", "second"], await NotesAsync());
    }

    [Fact]
    public async Task Apply_FileExceedsCommandTimeout_Completes()
    {
        await using var impatient = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(await servers.NewDatabaseAsync()) { CommandTimeout = 1 }
        );

        await Migrations.ApplyAsync(impatient, new SqlFiles(("0001_slow.sql", "SELECT pg_sleep(1.5)")), default);
    }

    [Fact]
    public async Task Start_DatabaseUnavailable_LogsAndWaits()
    {
        var target = new NpgsqlConnectionStringBuilder(await servers.NewDatabaseAsync());
        await using var proxy = new TcpProxy(target.Host!, target.Port);
        proxy.Unplug();
        (target.Host, target.Port) = ("127.0.0.1", proxy.Port);
        await using var service = await TestService.StartAsync(
            settings: ("ConnectionStrings:llmdb", target.ConnectionString)
        );
        using var client = service.Client(null);
        Assert.Equal("Unhealthy", await HealthAsync());

        proxy.Plug();

        await Until.TrueAsync(async () => await HealthAsync() == "Healthy", "the service is healthy");

        async Task<string> HealthAsync() => await (await client.GetAsync("/health")).Content.ReadAsStringAsync();
    }

    [Fact]
    public async Task Start_MigrationFails_StopsWithExitCode()
    {
        try
        {
            var settings = ("ConnectionStrings:llmdb", await servers.NewDatabaseAsync());
            await using var service = await TestService.StartAsync(
                settings: settings,
                assembly: new SqlFiles(("0001_bad.sql", "CREATE NONSENSE"))
            );

            await Until.TrueAsync(() => service.IsStopping, "the service stops");
            Assert.Equal(1, Environment.ExitCode);
        }
        finally
        {
            Environment.ExitCode = 0;
        }
    }

    private Task ApplyAsync(params (string, string)[] files) =>
        Migrations.ApplyAsync(_database, new SqlFiles(files), default);

    private async Task<IEnumerable<string>> NotesAsync()
    {
        await using var connection = await _database.OpenConnectionAsync();
        return await connection.QueryAsync<string>("SELECT text FROM note ORDER BY ctid");
    }
}
