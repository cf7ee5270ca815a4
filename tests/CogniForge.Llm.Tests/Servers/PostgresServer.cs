extern alias apphost;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Npgsql;

namespace CogniForge.Llm.Tests.Servers;

/// <summary>A real Postgres, shared by the tests that need it; nothing is kept.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private static readonly TimeSpan _startTimeout = TimeSpan.FromMinutes(2);
    private DistributedApplication? _app;
    private string _server = "";

    public async Task InitializeAsync()
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<apphost::Projects.CogniForge_AppHost>(["DataVolumes=false"]);
        foreach (var other in builder.Resources.Where(r => r is ProjectResource || r.Name is "cache" or "messaging").ToList())
            builder.Resources.Remove(other);
        _app = await builder.BuildAsync();
        using var timeout = new CancellationTokenSource(_startTimeout);
        await _app.StartAsync(timeout.Token);
        await _app.ResourceNotifications.WaitForResourceHealthyAsync("postgres", timeout.Token);
        _server = (await _app.GetConnectionStringAsync("postgres", timeout.Token))!;
    }

    public async Task DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }

    /// <summary>The connection string of a new, empty database.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        var name = $"test_{Guid.CreateVersion7():n}";
        await using var server = NpgsqlDataSource.Create(_server);
        await using var create = server.CreateCommand($"CREATE DATABASE {name}");
        await create.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(_server) { Database = name }.ConnectionString;
    }
}

/// <summary>The tests that share it.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresCollection : ICollectionFixture<PostgresServer>
{
    public const string Name = "postgres";
}
