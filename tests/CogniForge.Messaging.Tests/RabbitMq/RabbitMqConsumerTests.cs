using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using CogniForge.Messaging.RabbitMq;
using CogniForge.ServiceDefaults.Tests.Servers;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.Extensions.Logging;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace CogniForge.Messaging.Tests.RabbitMq;

[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public sealed class RabbitMqConsumerTests(RealServers servers) : IAsyncLifetime
{
    private static readonly TimeSpan _step = TimeSpan.FromMilliseconds(250);
    private readonly FakeHandler _handler = new();
    private readonly FakeTimeProvider _clock = new(TestTime.Start);
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
    public async Task Consume_ManyMessages_HandlesThemInOrderedBatches()
    {
        await _broker.PublishAsync(Enumerable.Range(0, 300));

        await StartAsync();
        await HandledAsync(300);

        Assert.Equal(Enumerable.Range(0, 300), _handler.Handled);
        Assert.All(_handler.Batches, b => Assert.InRange(b.Count, 1, 64));
        Assert.InRange(_handler.Batches.Count, 5, 100);
        await Until.TrueAsync(
            async () => await _broker.Channel.MessageCountAsync(_broker.Subscription.Queue) == 0,
            "the queue is empty"
        );
    }

    [Fact]
    public async Task Consume_LargeMessages_BoundsBatchByBytes()
    {
        const int Bytes = 300_000;
        var padding = new string(' ', Bytes);
        foreach (var number in Enumerable.Range(0, 40))
        {
            var e = Numbers.Event(_broker.EventType, number) with { Data = Encoding.UTF8.GetBytes(number + padding) };
            await _broker.Channel.BasicPublishAsync(
                RabbitMqTopology.Exchange,
                _broker.EventType,
                mandatory: true,
                AmqpBinding.ToProperties(e),
                e.Data
            );
        }

        await StartAsync();
        await HandledAsync(40);

        // A batch ends with the message that exceeds 1 MiB.
        Assert.All(_handler.Batches, b => Assert.InRange(b.Sum(e => e.Data.Length), 1, (1 << 20) + Bytes + 2));
    }

    [Fact]
    public async Task Consume_EventRejected_IsDeadLetteredAtOnce()
    {
        _handler.Before = (events, _) =>
            events.Any(e => e.Read<int>() == 3)
                ? throw new EventRejectedException("3 is not a number of ours.")
                : Task.CompletedTask;
        await _broker.PublishAsync(Enumerable.Range(0, 10));

        await StartAsync();
        await HandledAsync(9);

        var dead = await _broker.AwaitAsync(_broker.DeadLetters);
        Assert.Equal(3, AmqpBinding.FromMessage(dead.BasicProperties, dead.Body).Read<int>());
        Assert.Equal("rejected", GetDeath(dead));
        Assert.Equal([0, 1, 2, 4, 5, 6, 7, 8, 9], _handler.Handled);
        Assert.Null(await _broker.TakeAsync(_broker.DeadLetters));
    }

    [Fact]
    public async Task Consume_InvalidCloudEvent_IsDeadLetteredAndOthersHandled()
    {
        await _broker.PublishAsync([1]);
        await _broker.Channel.BasicPublishAsync(
            "",
            _broker.Subscription.Queue,
            mandatory: true,
            new BasicProperties(),
            "hello"u8.ToArray()
        );
        await _broker.PublishAsync([2]);

        await StartAsync();
        await HandledAsync(2);

        var dead = await _broker.AwaitAsync(_broker.DeadLetters);
        Assert.Equal("hello", Encoding.UTF8.GetString(dead.Body.Span));
        Assert.Equal([1, 2], _handler.Handled);
    }

    [Fact]
    public async Task Consume_OneEventFails_IsAloneDeadLetteredAfterLimit()
    {
        var tries = 0;
        _handler.Before = (events, _) =>
        {
            if (!events.Any(e => e.Read<int>() == 3))
            {
                return Task.CompletedTask;
            }

            tries += events.Count == 1 ? 1 : 0;
            throw new InvalidOperationException("A bug.");
        };
        await _broker.PublishAsync(Enumerable.Range(0, 10));

        await StartAsync();
        await HandledAsync(9);

        var dead = await _broker.AwaitAsync(_broker.DeadLetters);
        Assert.Equal(3, AmqpBinding.FromMessage(dead.BasicProperties, dead.Body).Read<int>());
        Assert.Equal("delivery_limit", GetDeath(dead));
        Assert.Equal(RabbitMqTopology.DeliveryLimit + 1, tries);
        Assert.Equal([0, 1, 2, 4, 5, 6, 7, 8, 9], _handler.Handled.Order());
    }

    [Fact]
    public async Task Consume_HandlerFailsTemporarily_LosesNothing()
    {
        var failures = 2;
        _handler.Before = (_, _) =>
            failures-- > 0 ? throw new InvalidOperationException("A passing bug.") : Task.CompletedTask;
        await _broker.PublishAsync([1]);

        await StartAsync();

        await HandledAsync(1);
        Assert.Null(await _broker.TakeAsync(_broker.DeadLetters));
    }

    [Theory]
    [InlineData("postgres")]
    [InlineData("broker")]
    [InlineData("timeout")]
    public async Task Consume_StoreOutage_CountsAgainstNoMessage(string store)
    {
        var outages = RabbitMqTopology.DeliveryLimit * 2;
        _handler.Before = (_, _) =>
            outages-- <= 0
                ? Task.CompletedTask
                : throw (
                    store switch
                    {
                        "postgres" => new NpgsqlException("away"),
                        "broker" => new BrokerUnavailableException("away"),
                        _ => new TimeoutException("away"),
                    }
                );
        await _broker.PublishAsync([1]);

        await StartAsync(_clock);
        await _clock.AdvanceUntilAsync(_step, () => _handler.Handled.Count == 1, "the event is handled");

        // One delivery, whatever the number of attempts.
        Assert.Equal((RabbitMqTopology.DeliveryLimit * 2) + 1, _handler.Calls);
        Assert.Null(await _broker.TakeAsync(_broker.DeadLetters));
        Assert.Equal(1, _broker.Proxy.Connections);
    }

    [Fact]
    public async Task Consume_HandlerTimesOut_CountsAgainstNoMessage()
    {
        // A foreign cancellation, such as the timeout of an HTTP client.
        var timeouts = RabbitMqTopology.DeliveryLimit * 2;
        _handler.Before = (_, _) =>
            timeouts-- > 0 ? throw new TaskCanceledException("It took too long.") : Task.CompletedTask;
        await _broker.PublishAsync([1]);

        await StartAsync(_clock);
        await _clock.AdvanceUntilAsync(_step, () => _handler.Handled.Count == 1, "the event is handled");

        Assert.Null(await _broker.TakeAsync(_broker.DeadLetters));
        Assert.Equal(1, _broker.Proxy.Connections);
    }

    [Fact]
    public async Task Consume_ConnectionCutDuringHandling_RedeliversEvents()
    {
        var first = true;
        _handler.Before = async (_, token) =>
        {
            if (first)
            {
                first = false;
                _broker.Proxy.Cut();
                await Task.Delay(Timeout.Infinite, token);
            }
        };
        await _broker.PublishAsync(Enumerable.Range(0, 20));

        await StartAsync(_clock);
        await _clock.AdvanceUntilAsync(_step, () => _handler.Handled.Count >= 20, "the events are handled");

        Assert.Equal(Enumerable.Range(0, 20), _handler.Handled.Distinct().Order());
        Assert.Equal(2, _broker.Proxy.Connections);
    }

    [Fact]
    public async Task Consume_ConnectionCutBeforeAck_RedeliversEvents()
    {
        var cut = false;
        _handler.Before = (_, _) =>
        {
            if (!cut)
            {
                cut = true;
                _broker.Proxy.Cut();
            }

            return Task.CompletedTask;
        };
        await _broker.PublishAsync([1]);

        await StartAsync(_clock);
        await _clock.AdvanceUntilAsync(_step, () => _handler.Handled.Count == 2, "the event is handled twice");
        await Until.TrueAsync(
            async () => await _broker.Channel.MessageCountAsync(_broker.Subscription.Queue) == 0,
            "the queue is empty"
        );
    }

    [Fact]
    public async Task Consume_ConnectionLostTenTimes_CountsAgainstNoMessage()
    {
        var isUnavailable = true;
        _handler.Before = (_, _) => isUnavailable ? throw new NpgsqlException("unavailable") : Task.CompletedTask;
        await _broker.PublishAsync(Enumerable.Range(0, 5));
        await StartAsync(_clock);
        for (var i = 0; i < 10; i++)
        {
            var (calls, connections) = (_handler.Calls, _broker.Proxy.Connections);
            await _clock.AdvanceUntilAsync(_step, () => _handler.Calls > calls, "the events are tried");
            _broker.Proxy.Cut();
            await _clock.AdvanceUntilAsync(
                _step,
                () => _broker.Proxy.Connections > connections,
                "the consumer is back"
            );
        }

        isUnavailable = false;

        await _clock.AdvanceUntilAsync(_step, () => _handler.Handled.Count >= 5, "the events are handled");
        Assert.Equal(Enumerable.Range(0, 5), _handler.Handled.Distinct().Order());
        Assert.Null(await _broker.TakeAsync(_broker.DeadLetters));
    }

    [Fact]
    public async Task Consume_BrokerClosesConnection_Continues()
    {
        await StartAsync();
        await _broker.PublishAsync([1]);
        await HandledAsync(1);

        await servers.CloseConnectionsAsync();
        await _broker.PublishAsync([2]);

        await HandledAsync(2);
    }

    [Fact]
    public async Task Consume_BrokerUnavailableAtStart_StartsAfterwards()
    {
        _broker.Proxy.Unplug();
        await _broker.PublishAsync([1]);
        await StartAsync();

        _broker.Proxy.Plug();

        await HandledAsync(1);
    }

    [Fact]
    public async Task Consume_QueueDeleted_DeclaresItAgain()
    {
        await StartAsync();
        await _broker.PublishAsync([1]);
        await HandledAsync(1);

        await _broker.Channel.QueueDeleteAsync(_broker.Subscription.Queue);
        await Until.TrueAsync(
            async () =>
            {
                try
                {
                    await _broker.PublishAsync([2]);
                    return true;
                }
                catch (PublishException)
                {
                    return false;
                }
            },
            "a queue is bound again"
        );

        await HandledAsync(2);
    }

    [Fact]
    public async Task Stop_DuringHandling_KeepsEvents()
    {
        _handler.Before = (_, token) => Task.Delay(Timeout.Infinite, token);
        await _broker.PublishAsync([1, 2, 3]);
        await StartAsync();
        await Until.TrueAsync(() => _handler.Calls > 0, "the events are being handled");

        await _service!.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        _handler.Before = (_, _) => Task.CompletedTask;
        await StartAsync();

        await HandledAsync(3);
        Assert.Equal([1, 2, 3], _handler.Handled);
    }

    [Fact]
    public async Task Consume_TwoReplicas_ShareQueue()
    {
        var other = new FakeHandler();
        await StartAsync();
        await using var replica = await _broker.StartServiceAsync(handler: other);
        await Until.TrueAsync(
            async () => await _broker.Channel.ConsumerCountAsync(_broker.Subscription.Queue) == 2,
            "both consume"
        );

        await _broker.PublishAsync(Enumerable.Range(0, 200));
        await Until.TrueAsync(() => _handler.Handled.Count + other.Handled.Count == 200, "all events are handled");

        Assert.Equal(Enumerable.Range(0, 200), _handler.Handled.Concat(other.Handled).Order());
        Assert.NotEmpty(other.Handled);
        Assert.NotEmpty(_handler.Handled);
    }

    [Fact]
    public async Task Consume_Event_ContinuesTraceOfPublisher()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == typeof(TestService).Assembly.GetName().Name,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        const string TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        var e = Numbers.Event(_broker.EventType, 1) with { TraceParent = TraceParent };
        await _broker.Channel.BasicPublishAsync(
            RabbitMqTopology.Exchange,
            _broker.EventType,
            mandatory: true,
            AmqpBinding.ToProperties(e),
            e.Data
        );

        await StartAsync();
        await Until.TrueAsync(
            () => spans.Any(s => s.OperationName == $"process {_broker.EventType}"),
            "the span is there"
        );

        var span = spans.Single(s => s.OperationName == $"process {_broker.EventType}");
        Assert.Equal((ActivityKind.Consumer, TraceParent[..52]), (span.Kind, span.ParentId![..52]));
        Assert.Equal(_broker.Subscription.Queue, span.GetTagItem("messaging.consumer.group.name"));
    }

    [Fact]
    public Task Declare_Queue_IsLosslessQuorumQueue() =>
        AssertArgumentsAsync(
            _broker.Subscription.Queue,
            new()
            {
                ["x-queue-type"] = "quorum",
                ["x-delivery-limit"] = RabbitMqTopology.DeliveryLimit,
                ["x-dead-letter-exchange"] = "cogniforge.dead-letters",
                ["x-dead-letter-routing-key"] = _broker.Subscription.Queue,
                ["x-dead-letter-strategy"] = "at-least-once",
                ["x-overflow"] = "reject-publish",
                ["x-max-length-bytes"] = 1L << 30,
            }
        );

    [Fact]
    public Task Declare_DeadLetters_AreBounded() =>
        AssertArgumentsAsync(
            _broker.DeadLetters,
            new()
            {
                ["x-queue-type"] = "quorum",
                ["x-delivery-limit"] = 1_000_000,
                ["x-overflow"] = "drop-head",
                ["x-max-length"] = 100_000,
                ["x-max-length-bytes"] = 256L << 20,
            }
        );

    [Fact]
    public async Task Consume_QueuesOfOlderRelease_AreUsedUnchanged()
    {
        foreach (var queue in new[] { _broker.Subscription.Queue, _broker.DeadLetters })
        {
            await _broker.Channel.QueueDeleteAsync(queue, ifUnused: false, ifEmpty: false);
            await _broker.Channel.QueueDeclareAsync(
                queue,
                durable: true,
                exclusive: false,
                autoDelete: false,
                new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }
            );
        }

        await StartAsync();
        await Until.TrueAsync(
            () =>
                _service!
                    .Logs.At(LogLevel.Warning)
                    .Any(l =>
                        l.StartsWith(
                            $"Queue {_broker.Subscription.Queue} exists with different arguments",
                            StringComparison.Ordinal
                        )
                    ),
            "the log says so"
        );
        await Until.TrueAsync(
            async () => await _broker.Channel.ConsumerCountAsync(_broker.Subscription.Queue) == 1,
            "the queue is consumed"
        );
        await _broker.PublishAsync([1]);

        await HandledAsync(1);
    }

    /// <summary>The broker refuses to declare an existing queue with different arguments.</summary>
    private async Task AssertArgumentsAsync(string queue, Dictionary<string, object?> expected)
    {
        await using var connection = await servers.ConnectAsync();
        await using (var channel = await connection.CreateChannelAsync())
        {
            await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, expected);
        }

        foreach (var argument in expected.Keys)
        {
            await using var channel = await connection.CreateChannelAsync();
            var without = expected.Where(a => a.Key != argument).ToDictionary();
            await Assert.ThrowsAsync<OperationInterruptedException>(() =>
                channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, without)
            );
        }
    }

    private async Task StartAsync(TimeProvider? time = null) =>
        _service = await _broker.StartServiceAsync(time, _handler);

    private Task HandledAsync(int count) =>
        Until.TrueAsync(() => _handler.Handled.Count == count, $"{count} events are handled");

    private static string GetDeath(BasicGetResult message)
    {
        var deaths = (IList)message.BasicProperties.Headers!["x-death"]!;
        return Encoding.UTF8.GetString((byte[])((IDictionary<string, object>)deaths[0]!)["reason"]);
    }
}
