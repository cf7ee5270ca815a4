using System.Net;
using CogniForge.Messaging;
using CogniForge.Messaging.RabbitMq;
using CogniForge.ServiceDefaults.Health;
using CogniForge.ServiceDefaults.Tests.Servers;
using CogniForge.ServiceDefaults.Tests.Support;
using RabbitMQ.Client;

namespace CogniForge.ServiceDefaults.Tests.Outages;

[Collection(RealServersCollection.Name)]
[Trait("Category", "Servers")]
public sealed class OutageTests(RealServers servers)
{
    private const string Keys = "/api/v1/llm/keys";

    public static TheoryData<Outage> Outages => [.. Enum.GetValues<Outage>()];

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task Publish_BrokerUnavailable_Returns503AndRecovers(Outage outage)
    {
        await using var connection = await servers.ConnectAsync();
        var subscription = new Subscription(
            $"queue.{HeldServer.EventType}.{Guid.CreateVersion7():n}",
            HeldServer.EventType
        );
        await RabbitMqTopology.DeclareAsync(connection, subscription, default);
        await using var system = await HeldServer.StartAsync(
            servers,
            "messaging",
            outage,
            RequiredDependencies.RabbitMq
        );
        using var client = system.NewClient();
        if (outage != Outage.HeldFromTheStart)
        {
            await client.UntilAnsweredAsync(HttpMethod.Get, "/health", HttpStatusCode.OK);
            await client.UntilAnsweredAsync(HttpMethod.Post, HeldServer.Publish, HttpStatusCode.Accepted);
        }

        system.Begin(outage);

        await client.AssertUnavailableAsync(HttpMethod.Post, HeldServer.Publish);
        await client.UntilAnsweredAsync(HttpMethod.Get, "/health", HttpStatusCode.ServiceUnavailable);

        system.End();
        await client.UntilAnsweredAsync(HttpMethod.Post, HeldServer.Publish, HttpStatusCode.Accepted);
        await client.UntilAnsweredAsync(HttpMethod.Get, "/health", HttpStatusCode.OK);
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeleteAsync(subscription.Queue);
        await channel.QueueDeleteAsync(RabbitMqTopology.GetDeadLetterQueue(subscription));
    }

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task Read_DatabaseUnavailable_Returns503AndRecovers(Outage outage)
    {
        await using var system = await HeldServer.StartAsync(servers, "llmdb", outage, RequiredDependencies.Postgres);
        using var client = system.NewClient();
        if (outage != Outage.HeldFromTheStart)
        {
            await client.UntilAnsweredAsync(HttpMethod.Get, Keys, HttpStatusCode.OK);
        }

        system.Begin(outage);

        await client.AssertUnavailableAsync(HttpMethod.Get, Keys);
        await client.UntilAnsweredAsync(HttpMethod.Get, "/health", HttpStatusCode.ServiceUnavailable);

        system.End();
        await client.UntilAnsweredAsync(HttpMethod.Get, Keys, HttpStatusCode.OK);
        await client.UntilAnsweredAsync(HttpMethod.Get, "/health", HttpStatusCode.OK);
    }

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task Health_RedisUnavailable_IsDegradedAndRecovers(Outage outage)
    {
        await using var system = await HeldServer.StartAsync(servers, "cache", outage);
        using var client = system.NewClient();
        if (outage != Outage.HeldFromTheStart)
        {
            await UntilHealthAsync(client, "Healthy");
        }

        system.Begin(outage);

        await UntilHealthAsync(client, "Degraded");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(Keys)).StatusCode);

        system.End();
        await UntilHealthAsync(client, "Healthy");
    }

    private static Task UntilHealthAsync(HttpClient client, string status) =>
        Until.TrueAsync(async () => await client.GetStringAsync("/health") == status, $"the service is {status}");
}
