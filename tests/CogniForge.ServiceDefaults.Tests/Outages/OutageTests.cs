using System.Net;
using CogniForge.ServiceDefaults.Health;
using CogniForge.ServiceDefaults.Messaging;
using CogniForge.ServiceDefaults.Tests.Servers;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using RabbitMQ.Client;

namespace CogniForge.ServiceDefaults.Tests.Outages;

[Collection(RealServersCollection.Name)]
public sealed class OutageTests(RealServers servers)
{
    private const string EventType = "test.outage.v1";
    private const string Keys = "/api/v1/llm/keys";

    // Ends a hang; the promises are a tenth of it and less.
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(60);

    public static TheoryData<Outage> Outages => [.. Enum.GetValues<Outage>()];

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task Publish_BrokerIsAway_Is503AndRecovers(Outage outage)
    {
        await using var connection = await servers.ConnectAsync();
        var subscription = new Subscription($"queue.{EventType}.{Guid.CreateVersion7():n}", EventType);
        await Topology.DeclareAsync(connection, subscription, default);
        await using var system = await HeldServer.StartAsync(servers, "messaging", outage, map: MapPublish, needs: Needs.RabbitMq);
        using var client = NewClient(system);
        if (outage != Outage.HeldFromTheStart)
        {
            await UntilAsync(client, "/health", HttpStatusCode.OK);
            await UntilPublishedAsync(client);
        }

        system.Begin(outage);

        await AssertTriesAgainAsync(await client.PostAsync("/publish", null));
        await UntilAsync(client, "/health", HttpStatusCode.ServiceUnavailable);

        system.End();
        await UntilPublishedAsync(client);
        await UntilAsync(client, "/health", HttpStatusCode.OK);
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeleteAsync(subscription.Queue);
        await channel.QueueDeleteAsync(Topology.DeadLettersOf(subscription));
    }

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task Read_DatabaseIsAway_Is503AndRecovers(Outage outage)
    {
        await using var system = await HeldServer.StartAsync(servers, "llmdb", outage, needs: Needs.Postgres);
        using var client = NewClient(system);
        if (outage != Outage.HeldFromTheStart)
        {
            await UntilAsync(client, Keys, HttpStatusCode.OK);
        }

        system.Begin(outage);

        await AssertTriesAgainAsync(await client.GetAsync(Keys));
        await UntilAsync(client, "/health", HttpStatusCode.ServiceUnavailable);

        system.End();
        await UntilAsync(client, Keys, HttpStatusCode.OK);
        await UntilAsync(client, "/health", HttpStatusCode.OK);
    }

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task Health_RedisIsAway_IsDegradedAndRecovers(Outage outage)
    {
        await using var system = await HeldServer.StartAsync(servers, "cache", outage);
        using var client = NewClient(system);
        if (outage != Outage.HeldFromTheStart)
        {
            await Until.TrueAsync(async () => await client.GetStringAsync("/health") == "Healthy", "the service is healthy");
        }

        system.Begin(outage);

        await Until.TrueAsync(async () => await client.GetStringAsync("/health") == "Degraded", "the service is degraded");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(Keys)).StatusCode);

        system.End();
        await Until.TrueAsync(async () => await client.GetStringAsync("/health") == "Healthy", "the service is healthy");
    }

    private static void MapPublish(WebApplication app) => app.MapPost("/publish", async (IEventPublisher publisher, CancellationToken cancellationToken) =>
    {
        await publisher.PublishAsync(Messaging.Numbers.Event(EventType, 1), cancellationToken);
        return Results.Accepted();
    });

    private static HttpClient NewClient(HeldServer system)
    {
        var client = system.Service.Client();
        client.Timeout = _bound;
        return client;
    }

    private static Task UntilPublishedAsync(HttpClient client) => Until.TrueAsync(async () =>
    {
        using var response = await client.PostAsync("/publish", null);
        return response.StatusCode == HttpStatusCode.Accepted;
    }, "an event is published");

    private static Task UntilAsync(HttpClient client, string path, HttpStatusCode status) => Until.TrueAsync(async () =>
    {
        using var response = await client.GetAsync(path);
        return response.StatusCode == status;
    }, $"{path} answers {status}");

    private static async Task AssertTriesAgainAsync(HttpResponseMessage response)
    {
        using (response)
        {
            await response.ProblemAsync(HttpStatusCode.ServiceUnavailable);
            Assert.NotNull(response.Headers.RetryAfter);
        }
    }
}
