using System.Net;
using CogniForge.ServiceDefaults.Health;
using CogniForge.ServiceDefaults.Tests.Servers;
using CogniForge.ServiceDefaults.Tests.Support;

namespace CogniForge.ServiceDefaults.Tests.Outages;

/// <summary>The shorter of two timeouts ends the wait for a server that accepts connections and stays silent.</summary>
[Collection(RealServersCollection.Name)]
[Trait("Category", "Servers")]
public sealed class TimeoutTests(RealServers servers)
{
    private const string Keys = "/api/v1/llm/keys";
    private const string Short = "00:00:00.5";
    private const string Long = "00:01:00";

    [Fact]
    public async Task Publish_AttemptTakesLonger_RespondsMeanwhile()
    {
        await using var system = await StartAsync("messaging", ("RabbitMqPublish", Short), ("RabbitMqConnect", Long));
        using var client = system.NewClient();

        await client.AssertUnavailableAsync(HttpMethod.Post, HeldServer.Publish);

        Assert.Equal(1, system.Proxy.Held);
    }

    [Fact]
    public async Task Publish_AttemptEnds_RespondsAndClosesConnection()
    {
        await using var system = await StartAsync("messaging", ("RabbitMqPublish", Long), ("RabbitMqConnect", Short));
        using var client = system.NewClient();

        await client.AssertUnavailableAsync(HttpMethod.Post, HeldServer.Publish);

        await Until.TrueAsync(() => system.Proxy.Held == 0, "the connection is closed");
    }

    [Fact]
    public async Task Read_AttemptTakesLonger_RespondsMeanwhile()
    {
        await using var system = await StartAsync("llmdb", ("PostgresAnswer", Short), ("PostgresConnect", Long));
        using var client = system.NewClient();

        await client.AssertUnavailableAsync(HttpMethod.Get, Keys);

        Assert.InRange(system.Proxy.Held, 1, int.MaxValue);
    }

    [Theory]
    [InlineData("llmdb", RequiredDependencies.Postgres)]
    [InlineData("cache", RequiredDependencies.Redis)]
    [InlineData("messaging", RequiredDependencies.RabbitMq)]
    public async Task Health_CheckTakesLonger_RespondsMeanwhile(string server, RequiredDependencies required)
    {
        (string, string)[] slow =
        [
            ("PostgresAnswer", Long),
            ("PostgresConnect", Long),
            ("RedisConnect", Long),
            ("RabbitMqConnect", Long),
        ];
        await using var system = await StartAsync(server, required, [("Health", Short), .. slow]);
        using var client = system.NewClient();

        using var health = await client.GetAsync("/health");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        Assert.InRange(system.Proxy.Held, 1, int.MaxValue);
    }

    private Task<HeldServer> StartAsync(string server, params (string Name, string Value)[] timeouts) =>
        StartAsync(server, RequiredDependencies.None, timeouts);

    private Task<HeldServer> StartAsync(
        string server,
        RequiredDependencies required,
        params (string Name, string Value)[] timeouts
    ) =>
        HeldServer.StartAsync(
            servers,
            server,
            Outage.HeldFromTheStart,
            required,
            settings: [.. timeouts.Select(t => ($"CogniForge:Timeouts:{t.Name}", t.Value))]
        );
}
