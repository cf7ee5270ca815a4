using CogniForge.Messaging.DeadLetters;
using CogniForge.Messaging.RabbitMq;
using CogniForge.Messaging.Tests.RabbitMq;
using CogniForge.ServiceDefaults;
using CogniForge.ServiceDefaults.Tests.Servers;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;

namespace CogniForge.Messaging.Tests.DeadLetters;

[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public sealed class DeadLetterQueueTests(RealServers servers) : IAsyncLifetime
{
    private readonly FakeHandler _handler = new();
    private Broker _broker = null!;
    private TestService? _service;

    public async Task InitializeAsync()
    {
        _broker = await Broker.CreateAsync(servers);
        await _broker.DeclareAsync();
    }

    public async Task DisposeAsync()
    {
        if (_service is not null)
        {
            await _service.DisposeAsync();
        }

        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task Replay_CauseFixed_HandlesEachMessageOnce()
    {
        var broken = true;
        _handler.Before = (_, _) => broken ? throw new EventRejectedException("A bug.") : Task.CompletedTask;
        await _broker.PublishAsync(Enumerable.Range(0, 250));
        await StartAsync();
        await DeadAsync(250);

        broken = false;

        Assert.Equal((250, 0), await ReplayAsync());
        await Until.TrueAsync(() => _handler.Handled.Count == 250, "the events are handled");
        Assert.Equal(Enumerable.Range(0, 250), _handler.Handled.Order());
        await DeadAsync(0);
        Assert.Equal((0, 0), await ReplayAsync());
    }

    [Fact]
    public async Task Replay_MessagesStillFail_EndsWithThemDeadLettered()
    {
        _handler.Before = (_, _) => throw new EventRejectedException("A bug.");
        await _broker.PublishAsync(Enumerable.Range(0, 150));
        await StartAsync();
        await DeadAsync(150);

        Assert.Equal((150, 0), await ReplayAsync());

        await DeadAsync(150);
        Assert.Equal(Enumerable.Range(0, 150), (await _broker.TakeAllAsync(_broker.DeadLetters)).Order());
    }

    [Fact]
    public async Task Replay_DeliveryLimitReached_RestartsTheCount()
    {
        _handler.Before = (_, _) => throw new InvalidOperationException("A bug.");
        await _broker.PublishAsync([1]);
        await StartAsync();
        await DeadAsync(1);

        await ReplayAsync();
        await Until.TrueAsync(() => _handler.Calls == 2 * (RabbitMqTopology.DeliveryLimit + 1), "it is given up again");

        await DeadAsync(1);
    }

    [Fact]
    public async Task Replay_TwoConcurrent_MoveEachMessageOnce()
    {
        await StartAsync();
        await BuryAsync(300);

        var replayed = await Task.WhenAll(ReplayAsync(), ReplayAsync());

        Assert.Equal(300, replayed.Sum(r => r.Moved));
        await Until.TrueAsync(() => _handler.Handled.Count >= 300, "the events are handled");
        Assert.Equal(Enumerable.Range(0, 300), _handler.Handled.Order());
        await DeadAsync(0);
    }

    [Fact]
    public async Task Replay_QueueFull_KeepsDeadLetters()
    {
        await _broker.Channel.QueueDeleteAsync(_broker.Subscription.Queue, ifUnused: false, ifEmpty: false);
        await _broker.Channel.QueueDeclareAsync(
            _broker.Subscription.Queue,
            durable: true,
            exclusive: false,
            autoDelete: false,
            new Dictionary<string, object?> { ["x-max-length"] = 2, ["x-overflow"] = "reject-publish" }
        );
        await BuryAsync(5);
        using var service = new ServiceDescription("llm", "llmdb", typeof(TestService).Assembly);
        var factory = new ConnectionFactory { Uri = new(_broker.ConnectionString) };
        var letters = new DeadLetterQueue(_broker.Subscription, factory, service, new());

        var refused = await Assert.ThrowsAsync<BrokerUnavailableException>(() => letters.ReplayAsync(default));

        Assert.True(refused.QueueFull);

        // The messages that the queue accepted before it was full are in both queues: twice is better than never.
        await DeadAsync(5);
    }

    [Fact]
    public async Task Replay_BrokerUnavailable_ThrowsAndMovesNothing()
    {
        await StartAsync();
        await BuryAsync(3);
        _broker.Proxy.Unplug();

        await Assert.ThrowsAsync<BrokerUnavailableException>(ReplayAsync);

        await DeadAsync(3);
    }

    private async Task StartAsync()
    {
        _service = await _broker.StartServiceAsync(handler: _handler);
        await Until.TrueAsync(
            async () => await _broker.Channel.ConsumerCountAsync(_broker.Subscription.Queue) == 1,
            "the queue is consumed"
        );
    }

    private Task<(int Moved, int Left)> ReplayAsync() =>
        _service!.Services.GetRequiredService<DeadLetterQueue>().ReplayAsync(default);

    /// <summary>Publishes messages directly to the dead letters.</summary>
    private async Task BuryAsync(int count)
    {
        foreach (var e in Enumerable.Range(0, count).Select(n => Numbers.Event(_broker.EventType, n)))
        {
            await _broker.Channel.BasicPublishAsync(
                "",
                _broker.DeadLetters,
                mandatory: true,
                AmqpBinding.ToProperties(e),
                e.Data
            );
        }
    }

    private Task DeadAsync(int count) =>
        Until.TrueAsync(
            async () => await _broker.Channel.MessageCountAsync(_broker.DeadLetters) == count,
            $"there are {count} dead letters"
        );
}
