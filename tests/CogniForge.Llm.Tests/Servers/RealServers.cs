extern alias apphost;

using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Npgsql;
using StackExchange.Redis;

namespace CogniForge.Llm.Tests.Servers;

/// <summary>A real Postgres and Redis without persistent data, shared by the tests of the collection.</summary>
public sealed class RealServers : IAsyncLifetime
{
    private static readonly TimeSpan _timeout = TimeSpan.FromMinutes(4);
    private DistributedApplication? _app;
    private string _postgres = "";

    public string Redis { get; private set; } = "";

    public async Task InitializeAsync()
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<apphost::Projects.CogniForge_AppHost>([
            "DataVolumes=false",
        ]);
        foreach (var resource in builder.Resources.Where(r => r is ProjectResource || r.Name == "messaging").ToList())
        {
            builder.Resources.Remove(resource);
        }

        _app = await builder.BuildAsync();
        using var timeout = new CancellationTokenSource(_timeout);
        await _app.StartAsync(timeout.Token);
        _postgres = await ConnectionStringAsync("postgres");
        Redis = await ConnectionStringAsync("cache");
    }

    public async Task DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    /// <summary>Creates an empty database and returns its connection string.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        var name = $"test_{Guid.CreateVersion7():n}";
        await using var server = NpgsqlDataSource.Create(_postgres);
        await using var create = server.CreateCommand($"CREATE DATABASE {name}");
        await create.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(_postgres) { Database = name }.ConnectionString;
    }

    /// <summary>Stops or starts Redis.</summary>
    public async Task CommandRedisAsync(string command)
    {
        var result = await _app!.ResourceCommands.ExecuteCommandAsync("cache", command);
        Assert.True(result.Success, $"{command} cache: {result.Message}");
        if (command == "start")
        {
            // Its last known state may still be the stopped one.
            using var timeout = new CancellationTokenSource(_timeout);
            await _app.ResourceNotifications.WaitForResourceHealthyAsync(
                "cache",
                WaitBehavior.WaitOnResourceUnavailable,
                timeout.Token
            );
        }
    }

    private async Task<string> ConnectionStringAsync(string resource)
    {
        using var timeout = new CancellationTokenSource(_timeout);
        await _app!.ResourceNotifications.WaitForResourceHealthyAsync(resource, timeout.Token);
        return (await _app.GetConnectionStringAsync(resource, timeout.Token))!;
    }
}
