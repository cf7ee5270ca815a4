using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.Testing;
using CogniForge.ServiceDefaults.Postgres;
using CogniForge.ServiceDefaults.Tests.Support;
using Npgsql;
using RabbitMQ.Client;

namespace CogniForge.ServiceDefaults.Tests.Servers;

/// <summary>A real Postgres, Redis and RabbitMQ without volumes, shared by tests.</summary>
public sealed class RealServers : IAsyncLifetime
{
    private static readonly TimeSpan _startTimeout = TimeSpan.FromMinutes(2);
    private DistributedApplication? _app;

    public string Redis { get; private set; } = "";

    public string RabbitMq { get; private set; } = "";

    private string Postgres { get; set; } = "";

    public async Task InitializeAsync()
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.CogniForge_AppHost>([
            "DataVolumes=false",
        ]);
        builder.StartOnly("postgres", "cache", "messaging");
        _app = await builder.BuildAsync();
        using var timeout = new CancellationTokenSource(_startTimeout);
        await _app.StartAsync(timeout.Token);
        Postgres = await ConnectionStringAsync("postgres", timeout.Token);
        Redis = await ConnectionStringAsync("cache", timeout.Token);
        RabbitMq = await ConnectionStringAsync("messaging", timeout.Token);
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
        await using var server = NpgsqlDataSource.Create(Postgres);
        await using var create = server.CreateCommand($"CREATE DATABASE {name}");
        await create.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(Postgres) { Database = name }.ConnectionString;
    }

    /// <summary>Creates a database with the tables of ServiceDefaults.</summary>
    public async Task<NpgsqlDataSource> NewTablesAsync()
    {
        var database = NpgsqlDataSource.Create(await NewDatabaseAsync());
        await Migrations.ApplyAsync(database, typeof(Migrations).Assembly, default);
        return database;
    }

    /// <summary>Closes the connections of the services under test on the broker, as an operator can.</summary>
    public async Task CloseConnectionsAsync()
    {
        using var management = _app!.CreateHttpClient("messaging", "management");
        management.DefaultRequestHeaders.Authorization = new(
            "Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(new Uri(RabbitMq).UserInfo)))
        );
        string[] names = [];
        await Until.TrueAsync(async () => (names = await NamesAsync()).Length > 0, "the broker knows the connection");
        foreach (var name in names)
        {
            (await management.DeleteAsync($"/api/connections/{Uri.EscapeDataString(name)}")).EnsureSuccessStatusCode();
        }

        async Task<string[]> NamesAsync() =>
            [
                .. (await management.GetFromJsonAsync<JsonElement>("/api/connections"))
                    .EnumerateArray()
                    .Where(c =>
                        c.TryGetProperty("user_provided_name", out var name)
                        && name.GetString()!.StartsWith("llm ", StringComparison.Ordinal)
                    )
                    .Select(c => c.GetProperty("name").GetString()!),
            ];
    }

    /// <summary>Opens a separate connection to the broker.</summary>
    public Task<IConnection> ConnectAsync() => new ConnectionFactory { Uri = new(RabbitMq) }.CreateConnectionAsync();

    private async Task<string> ConnectionStringAsync(string resource, CancellationToken cancellationToken)
    {
        await _app!.ResourceNotifications.WaitForResourceHealthyAsync(resource, cancellationToken);
        return (await _app.GetConnectionStringAsync(resource, cancellationToken))!;
    }
}
