using CogniForge.Analytics.Ingestion;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;

namespace CogniForge.Analytics.Tests.Servers;

/// <summary>A queue of a real RabbitMQ that one key has filled while the events cannot be stored.</summary>
[Trait("Category", "Servers")]
public sealed class FullQueueTests(RealRabbitMq broker) : IClassFixture<RealRabbitMq>
{
    private static readonly string _payload = new('x', 6_000);

    [Fact]
    public async Task Post_QueueFilledByKey_AcceptsOtherKeys()
    {
        await DeclareSmallQueueAsync();
        var store = new StuckEventStore();
        await using var service = new AnalyticsService(builder =>
        {
            builder.UseSetting("ConnectionStrings:messaging", broker.ConnectionString);
            builder.UseSetting("Events:ReserveBytesPerSecond", "1024");
            builder.ConfigureTestServices(services => services.AddSingleton<IUserEventStore>(store));
        });
        await Until.EqualAsync(202, () => SendAsync(service.Client)); // the queues are declared
        using var greedy = service.NewClient(await service.CreateKeyAsync("analytics", "analytics:write"));
        using var other = service.NewClient(await service.CreateKeyAsync("analytics", "analytics:write"));

        var accepted = 1;
        while (await SendAsync(greedy) == 202)
        {
            accepted++;
        }

        using var refused = await PostAsync(greedy);
        Assert.Equal("The queue of events is full; retry later.", (await Problem.ReadAsync(refused, 503)).Detail);
        Assert.NotNull(refused.Headers.RetryAfter?.Delta);
        Assert.Equal(202, await SendAsync(other));

        store.IsRepaired = true;
        await Until.EqualAsync(accepted + 1, () => service.CountAsync("filled"));
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client) =>
        client.PostAsync(
            "/api/v1/events",
            $$"""{"event":"filled","userId":"u","properties":{"a":"{{_payload}}" } }"""
        );

    private static async Task<int> SendAsync(HttpClient client)
    {
        using var response = await PostAsync(client);
        return (int)response.StatusCode;
    }

    /// <summary>Declares the queue before the service does, which then uses it as it is.</summary>
    private async Task DeclareSmallQueueAsync()
    {
        var factory = new ConnectionFactory { Uri = new(broker.ConnectionString) };
        await using var connection = await factory.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync(
            "analytics.events",
            durable: true,
            exclusive: false,
            autoDelete: false,
            new Dictionary<string, object?>
            {
                ["x-queue-type"] = "quorum",
                ["x-overflow"] = "reject-publish",
                ["x-max-length"] = 1,
            }
        );
    }
}
