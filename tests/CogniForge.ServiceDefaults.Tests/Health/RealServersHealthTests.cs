using CogniForge.ServiceDefaults.Health;
using CogniForge.ServiceDefaults.Postgres;
using CogniForge.ServiceDefaults.Tests.Servers;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace CogniForge.ServiceDefaults.Tests.Health;

[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public sealed class RealServersHealthTests(RealServers servers)
{
    [Theory]
    [InlineData("llmdb", "postgres")]
    [InlineData("cache", "redis")]
    [InlineData("messaging", "rabbitmq")]
    public async Task Get_ServerOutageAndRecovery_ChangesStatus(string unplugged, string check)
    {
        var database = new NpgsqlConnectionStringBuilder(await servers.NewDatabaseAsync());
        var broker = new Uri(servers.RabbitMq);
        var cache = servers.Redis.Split(',');
        var (host, port) = unplugged switch
        {
            "llmdb" => (database.Host!, database.Port),
            "cache" => (cache[0].Split(':')[0], int.Parse(cache[0].Split(':')[1], provider: null)),
            _ => (broker.Host, broker.Port),
        };
        await using var proxy = new TcpProxy(host, port);
        var settings = new Dictionary<string, string>
        {
            ["llmdb"] = database.ConnectionString,
            ["cache"] = servers.Redis,
            ["messaging"] = servers.RabbitMq,
        };
        settings[unplugged] = unplugged switch
        {
            "llmdb" => new NpgsqlConnectionStringBuilder(database.ConnectionString)
            {
                Host = "127.0.0.1",
                Port = proxy.Port,
            }.ConnectionString,
            "cache" => string.Join(',', [$"127.0.0.1:{proxy.Port}", .. cache[1..]]),
            _ => new UriBuilder(broker) { Host = "127.0.0.1", Port = proxy.Port }.Uri.ToString(),
        };
        await using var service = await TestService.StartAsync(
            required: RequiredDependencies.None,
            settings: [.. settings.Select(s => ($"ConnectionStrings:{s.Key}", s.Value))]
        );
        using var client = service.Client();
        await HealthAsync("Healthy");

        proxy.Unplug();
        await HealthAsync("Degraded");
        var details = await (await client.GetAsync("/health/details")).JsonAsync();
        Assert.Equal(
            check,
            Assert
                .Single(
                    details.GetProperty("checks").EnumerateArray(),
                    c => c.GetProperty("status").GetString() != "Healthy"
                )
                .GetProperty("name")
                .GetString()
        );

        proxy.Plug();
        await HealthAsync("Healthy");

        Task HealthAsync(string status) =>
            Until.TrueAsync(
                async () => await (await client.GetAsync("/health")).Content.ReadAsStringAsync() == status,
                $"the service is {status}"
            );
    }

    [Fact]
    public async Task Check_MigrationsPending_Waits()
    {
        await using var database = NpgsqlDataSource.Create(await servers.NewDatabaseAsync());
        var migrations = new MigrationStatus();

        var check = new PostgresHealthCheck(new(database, TimeProvider.System), migrations, new()).CheckHealthAsync(
            new HealthCheckContext()
        );
        migrations.SetApplied();

        Assert.Equal(HealthStatus.Healthy, (await check).Status);
    }
}
