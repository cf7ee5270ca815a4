extern alias apphost;

using Aspire.Hosting;
using Aspire.Hosting.Testing;
using CogniForge.Tests.Hosting;
using Npgsql;

namespace CogniForge.Serving.Tests.Servers;

/// <summary>A real Postgres without stored data.</summary>
public sealed class RealPostgres : IAsyncLifetime
{
    private static readonly TimeSpan _timeout = TimeSpan.FromMinutes(2);
    private DistributedApplication? _app;
    private string _server = "";

    public async Task InitializeAsync()
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<apphost::Projects.CogniForge_AppHost>([
            "DataVolumes=false",
        ]);
        _app = await builder.StartOnly("postgres").BuildAsync();
        using var timeout = new CancellationTokenSource(_timeout);
        await _app.StartAsync(timeout.Token);
        await _app.ResourceNotifications.WaitForResourceHealthyAsync("postgres", timeout.Token);
        _server = (await _app.GetConnectionStringAsync("postgres", timeout.Token))!;
    }

    public async Task DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    /// <summary>Creates an empty database, and returns its connection string.</summary>
    public async Task<NpgsqlConnectionStringBuilder> NewDatabaseAsync()
    {
        var name = $"test_{Guid.CreateVersion7():n}";
        await using var server = NpgsqlDataSource.Create(_server);
        await using var create = server.CreateCommand($"CREATE DATABASE {name}");
        await create.ExecuteNonQueryAsync();
        return new(_server) { Database = name };
    }
}
