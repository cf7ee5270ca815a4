using System.Diagnostics;
using System.Text;
using CogniForge.Messaging.RabbitMq;
using CogniForge.ServiceDefaults.Tests.Servers;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.Messaging.Tests.RabbitMq;

[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public sealed class RabbitMqPublisherTests(RealServers servers) : IAsyncLifetime
{
    private Broker _broker = null!;
    private TestService _service = null!;
    private IEventPublisher _publisher = null!;

    public async Task InitializeAsync()
    {
        _broker = await Broker.CreateAsync(servers);
        _service = await _broker.StartServiceAsync();
        _publisher = _service.Services.GetRequiredService<IEventPublisher>();
    }

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task Publish_NoQueueBound_Throws()
    {
        var unpublished = await Assert.ThrowsAsync<BrokerUnavailableException>(() => PublishAsync(1));

        Assert.True(unpublished.NoQueue);

        await _broker.DeclareAsync();
        await PublishAsync(2);
        Assert.Equal([2], await _broker.TakeAllAsync(_broker.Subscription.Queue));
    }

    [Fact]
    public async Task Publish_Event_ArrivesAsCloudEventInTrace()
    {
        await _broker.DeclareAsync();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        using var source = new ActivitySource("test");
        using var maker = source.StartActivity("make")!;
        var sent = Numbers.Event(_broker.EventType, 7);

        await _publisher.PublishAsync(sent, default);

        var message = await _broker.AwaitAsync(_broker.Subscription.Queue);
        var read = AmqpBinding.FromMessage(message.BasicProperties, message.Body);
        Assert.Equal(
            (sent.Id, sent.Type, sent.Source, sent.Time, 7),
            (read.Id, read.Type, read.Source, read.Time, read.Read<int>())
        );
        Assert.Equal("application/json", message.BasicProperties.ContentType);
        Assert.True(message.BasicProperties.Persistent);
        Assert.Equal(
            "1.0",
            Encoding.UTF8.GetString((byte[])message.BasicProperties.Headers!["cloudEvents:specversion"]!)
        );
        Assert.True(ActivityContext.TryParse(read.TraceParent, null, out var context));
        Assert.Equal(maker.TraceId, context.TraceId);
        Assert.NotEqual(maker.SpanId, context.SpanId);
    }

    [Fact]
    public async Task Publish_Concurrent_AllArriveOnce()
    {
        await _broker.DeclareAsync();

        await Task.WhenAll(Enumerable.Range(0, 500).Select(PublishAsync));

        Assert.Equal(Enumerable.Range(0, 500), (await _broker.TakeAllAsync(_broker.Subscription.Queue)).Order());
        Assert.Equal(1, _broker.Proxy.Connections);
    }

    [Fact]
    public async Task Publish_ConnectionCut_Reconnects()
    {
        await _broker.DeclareAsync();
        await PublishAsync(1);

        _broker.Proxy.Cut();
        await UntilPublishedAsync(2);

        var numbers = await _broker.TakeAllAsync(_broker.Subscription.Queue);
        Assert.Equal([1, 2], numbers.Distinct());
        Assert.True(_broker.Proxy.Connections >= 2);
    }

    [Fact]
    public async Task Publish_BrokerClosesConnection_Reconnects()
    {
        await _broker.DeclareAsync();
        await PublishAsync(1);

        await servers.CloseConnectionsAsync();
        await UntilPublishedAsync(2);

        Assert.Equal([1, 2], (await _broker.TakeAllAsync(_broker.Subscription.Queue)).Distinct());
    }

    [Fact]
    public async Task Publish_ConnectionCutMeanwhile_KeepsConfirmedEvents()
    {
        await _broker.DeclareAsync();
        var confirmed = new List<int>();
        var publishing = Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(async lane =>
                {
                    for (var i = 0; i < 100; i++)
                    {
                        try
                        {
                            await PublishAsync((lane * 100) + i);
                            lock (confirmed)
                            {
                                confirmed.Add((lane * 100) + i);
                            }
                        }
                        catch (BrokerUnavailableException)
                        {
                            // Its outcome is unknown.
                        }
                    }
                })
        );
        await Until.TrueAsync(() => confirmed.Count > 20, "some are confirmed");
        _broker.Proxy.Cut();
        await publishing;

        var arrived = await _broker.TakeAllAsync(_broker.Subscription.Queue);
        Assert.Empty(confirmed.Except(arrived));
        Assert.True(confirmed.Count > 300, $"Only {confirmed.Count} of 400 were confirmed.");
    }

    [Fact]
    public async Task Publish_BrokerUnavailable_ThrowsInTimeAndRecovers()
    {
        await _broker.DeclareAsync();
        _broker.Proxy.Unplug();

        var clock = Stopwatch.StartNew();
        var unpublished = await Assert.ThrowsAsync<BrokerUnavailableException>(() => PublishAsync(1));

        Assert.False(unpublished.NoQueue);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        _broker.Proxy.Plug();
        await PublishAsync(2);
        Assert.Equal([2], await _broker.TakeAllAsync(_broker.Subscription.Queue));
    }

    [Fact]
    public async Task Publish_QueueFull_Throws()
    {
        await _broker.Channel.QueueDeclareAsync(
            _broker.Subscription.Queue,
            durable: true,
            exclusive: false,
            autoDelete: false,
            new Dictionary<string, object?>
            {
                ["x-queue-type"] = "quorum",
                ["x-max-length"] = 1,
                ["x-overflow"] = "reject-publish",
            }
        );
        await RabbitMqTopology.DeclareExchangeAsync(_broker.Channel, default);
        await _broker.Channel.QueueBindAsync(_broker.Subscription.Queue, RabbitMqTopology.Exchange, _broker.EventType);

        // A quorum queue detects late that it is full.
        BrokerUnavailableException? refused = null;
        var accepted = 0;
        while (refused is null && accepted < 100)
        {
            try
            {
                await PublishAsync(accepted);
                accepted++;
            }
            catch (BrokerUnavailableException e)
            {
                refused = e;
            }
        }

        Assert.Equal((false, true), (refused!.NoQueue, refused.QueueFull));
        Assert.Equal(Enumerable.Range(0, accepted), await _broker.TakeAllAsync(_broker.Subscription.Queue));
    }

    [Fact]
    public async Task Publish_ExchangeDeleted_DeclaresItAgain()
    {
        await _broker.DeclareAsync();
        await PublishAsync(1);
        await _broker.Channel.ExchangeDeleteAsync(RabbitMqTopology.Exchange);

        await Assert.ThrowsAsync<BrokerUnavailableException>(() => PublishAsync(2));

        await Until.TrueAsync(
            async () => (await Assert.ThrowsAsync<BrokerUnavailableException>(() => PublishAsync(3))).NoQueue,
            "the exchange is there again"
        );
    }

    [Fact]
    public async Task Publish_CallerCancels_IsCancelled()
    {
        _broker.Proxy.Unplug();
        using var given = new CancellationTokenSource();
        await given.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _publisher.PublishAsync(Numbers.Event(_broker.EventType, 1), given.Token)
        );
    }

    private Task PublishAsync(int number) => _publisher.PublishAsync(Numbers.Event(_broker.EventType, number), default);

    private Task UntilPublishedAsync(int number) =>
        Until.TrueAsync(
            async () =>
            {
                try
                {
                    await PublishAsync(number);
                    return true;
                }
                catch (BrokerUnavailableException)
                {
                    return false;
                }
            },
            "the event is published"
        );
}
