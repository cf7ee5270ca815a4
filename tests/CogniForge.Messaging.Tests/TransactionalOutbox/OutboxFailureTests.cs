using System.Collections.Concurrent;
using System.Diagnostics;
using CogniForge.Messaging.RabbitMq;
using CogniForge.ServiceDefaults.Tests.Servers;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace CogniForge.Messaging.Tests.TransactionalOutbox;

/// <summary>Batches and refused events.</summary>
[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public sealed class OutboxFailureTests(RealServers servers) : IAsyncLifetime
{
    private const string Type = "test.happened.v1";

    // At most as fast as the real clock: otherwise the database would count as unavailable.
    private static readonly TimeSpan _step = TimeSpan.FromMilliseconds(10);

    private readonly FakePublisher _publisher = new();
    private OutboxDatabase _database = null!;

    public async Task InitializeAsync() => _database = await OutboxDatabase.CreateAsync(servers);

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Dispatch_ManyEvents_PublishesBatchConcurrently()
    {
        var (running, most, open) = (0, 0, new TaskCompletionSource());
        _publisher.OnPublish = async (_, _) =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref running));
            await open.Task;
            Interlocked.Decrement(ref running);
        };
        await using var service = await StartServiceAsync(settings: ("Outbox:BatchSize", "10"));

        await _database.CommitAsync(service, Events(25));

        await Until.TrueAsync(() => running == 10, "ten events are under way");
        open.SetResult();
        await _database.EmptyAsync();
        Assert.Equal(10, most);
        Assert.Equal(Enumerable.Range(0, 25), _publisher.Published.Order());
    }

    [Fact]
    public async Task Dispatch_EventRefused_PublishesOthersAndRetriesLater()
    {
        var clock = new FakeTimeProvider(TestTime.Start);
        _publisher.OnPublish = (e, _) =>
            e.Read<int>() == 0 ? throw new ArgumentException("The name is too long.") : Task.CompletedTask;
        await using var service = await StartServiceAsync(clock);
        for (var i = 0; i < 20; i++)
        {
            await _database.CommitAsync(service, Event(i));
            await Until.TrueAsync(async () => await _database.WaitingAsync() == 1, "only the bad event waits");
        }

        Assert.Single(_publisher.Attempts, 0);
        Assert.Equal(Enumerable.Range(1, 19), _publisher.Published);

        _publisher.OnPublish = (_, _) => Task.CompletedTask;
        await clock.AdvanceUntilAsync(_step, () => _publisher.Published.Contains(0), "it is tried again");
    }

    [Fact]
    public async Task Dispatch_MessageClosesChannel_KeepsOnlyIt()
    {
        // The broker closes the channel for one message, and all in flight fail with it.
        var closed = new TaskCompletionSource();
        _publisher.OnPublish = async (e, _) =>
        {
            if (closed.Task.IsCompleted && e.Read<int>() != 3)
            {
                return;
            }

            if (closed.Task.IsCompleted || _publisher.Attempts.Count == 10)
            {
                closed.TrySetException(new BrokerUnavailableException("Closed.") { MessageRefused = true });
            }

            await closed.Task;
        };
        await using var service = await StartServiceAsync();

        await _database.CommitAsync(service, Events(10));

        await Until.TrueAsync(async () => await _database.WaitingAsync() == 1, "one event stays");
        Assert.Equal(Enumerable.Range(0, 10).Except([3]), _publisher.Published.Order());
    }

    [Fact]
    public async Task Dispatch_QueueFull_PublishesOtherTypes()
    {
        _publisher.OnPublish = (e, _) =>
            e.Type == Type ? throw new BrokerUnavailableException("Full.") { QueueFull = true } : Task.CompletedTask;
        await using var service = await StartServiceAsync(new FakeTimeProvider(TestTime.Start));

        await _database.CommitAsync(service, Events(150));
        await _database.CommitAsync(service, Event(1_000, "test.other.v1"));

        await Until.TrueAsync(async () => await _database.WaitingAsync() == 150, "the other type is published");
        Assert.Equal([1_000], _publisher.Published);
    }

    [Fact]
    public async Task Dispatch_TypeRefused_ProbesWithOneEvent()
    {
        var clock = new FakeTimeProvider(TestTime.Start);
        var refuses = true;
        _publisher.OnPublish = (_, _) =>
            refuses ? throw new BrokerUnavailableException("None.") { NoQueue = true } : Task.CompletedTask;
        await using var service = await StartServiceAsync(clock);
        await _database.CommitAsync(service, Events(50));
        await Until.TrueAsync(() => _publisher.Attempts.Count == 50, "all are tried once");

        await clock.AdvanceUntilAsync(_step, () => _publisher.Attempts.Count > 50, "the type is tried again");
        Assert.Equal(0, _publisher.Attempts[50]);
        Assert.InRange(_publisher.Attempts.Count, 51, 60);

        refuses = false;
        await clock.AdvanceUntilAsync(_step, () => _publisher.Published.Count == 50, "all are published");
        await _database.EmptyAsync();
    }

    [Fact]
    public async Task Dispatch_BrokerUnavailable_ProbesWithOneEvent()
    {
        var clock = new FakeTimeProvider(TestTime.Start);
        var isUnavailable = true;
        _publisher.OnPublish = (_, _) =>
            isUnavailable ? throw new BrokerUnavailableException("Unavailable.") : Task.CompletedTask;
        await using var service = await StartServiceAsync(clock);
        await _database.CommitAsync(service, Events(20));
        await Until.TrueAsync(() => _publisher.Attempts.Count == 20, "the batch is tried");

        // The clock stands, so only signals could make it spin.
        for (var i = 0; i < 5; i++)
        {
            await _database.CommitAsync(service, Event(100 + i));
        }

        await clock.AdvanceUntilAsync(_step, () => _publisher.Attempts.Count > 20, "it is tried again");
        Assert.All(_publisher.Attempts.Skip(20), number => Assert.Equal(0, number));
        isUnavailable = false;
        await clock.AdvanceUntilAsync(_step, () => _publisher.Published.Count == 25, "all are published");
    }

    [Fact]
    public async Task Dispatch_EventFailsLikeOutage_PublishesOthers()
    {
        _publisher.OnPublish = (e, _) =>
            e.Read<int>() == 0 ? throw new BrokerUnavailableException("Not confirmed.") : Task.CompletedTask;
        await using var service = await StartServiceAsync(settings: ("Outbox:BatchSize", "1"));

        await _database.CommitAsync(service, Events(5));

        await Until.TrueAsync(async () => await _database.WaitingAsync() == 1, "only the bad event waits");
        Assert.Equal([1, 2, 3, 4], _publisher.Published);
    }

    [Fact]
    public async Task Stop_DuringBatch_KeepsOnlyUnconfirmed()
    {
        _publisher.OnPublish = (e, token) =>
            e.Read<int>() == 0 ? Task.Delay(Timeout.Infinite, token) : Task.CompletedTask;
        await using (var service = await StartServiceAsync())
        {
            await _database.CommitAsync(service, Events(10));
            await Until.TrueAsync(() => _publisher.Published.Count == 9, "all others are confirmed");
        }

        Assert.Equal(1, await _database.WaitingAsync());
    }

    [Fact]
    public async Task Dispatch_NothingNew_CreatesNoSpans()
    {
        var spans = new ConcurrentQueue<Activity>();
        _publisher.OnPublish = (_, _) => throw new BrokerUnavailableException("None.") { NoQueue = true };
        await using var service = await StartServiceAsync(
            configure: services =>
                services.ConfigureOpenTelemetryTracerProvider(tracing =>
                    tracing.AddProcessor(new SpanList(spans)).AddSource(SpanSource.Name)
                ),
            pollInterval: "00:00:00.1"
        );

        using (SuppressInstrumentationScope.Begin())
        {
            await _database.CommitWithoutSignalAsync(Event(0));
        }

        await Until.TrueAsync(() => _publisher.Attempts.Count >= 10, "it is tried again and again");

        // The AppHost of the servers runs health checks in this process, which are not the service's. A slow database
        // may end the first batch before it is known that its event has failed.
        var names = spans.Where(IsOfTheService).Select(s => s.DisplayName).ToList();
        Assert.All(names, name => Assert.Equal($"publish {Type}", name));
        Assert.InRange(names.Count, 1, 2);

        bool IsOfTheService(Activity span) =>
            span.Source.Name == SpanSource.Name || span.TagObjects.Any(tag => Equals(tag.Value, _database.Name));
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = most; value > seen; seen = most)
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }

    /// <summary>Creates an event whose id follows the previous one: within a millisecond, ids are random.</summary>
    private static CloudEvent Event(int number, string type = Type) =>
        CloudEvent.Create(type, "/cogniforge/llm", DateTimeOffset.UnixEpoch.AddSeconds(number), number, null);

    private static CloudEvent[] Events(int count) => [.. Enumerable.Range(0, count).Select(i => Event(i))];

    private Task<TestService> StartServiceAsync(
        TimeProvider? time = null,
        Action<IServiceCollection>? configure = null,
        string pollInterval = "01:00:00",
        params (string Key, string Value)[] settings
    ) =>
        TestService.StartAsync(
            configure: builder =>
            {
                builder.Services.AddSingleton(time ?? TimeProvider.System);
                builder.Services.AddOutbox(new(true, false, false));
                builder.Services.AddSingleton<IEventPublisher>(new SpanSource(_publisher));
                configure?.Invoke(builder.Services);
            },
            settings:
            [
                ("ConnectionStrings:llmdb", _database.ConnectionString),
                ("Outbox:PollInterval", pollInterval),
                ("Outbox:RetryDelay", "00:00:00.1"),
                .. settings,
            ]
        );

    /// <summary>Creates a span per attempt, like the real publisher.</summary>
    private sealed class SpanSource(IEventPublisher publisher) : IEventPublisher
    {
        public const string Name = "test.publisher";
        private static readonly ActivitySource _source = new(Name);

        public async Task PublishAsync(CloudEvent cloudEvent, CancellationToken cancellationToken)
        {
            using var span = _source.StartActivity($"publish {cloudEvent.Type}");
            await publisher.PublishAsync(cloudEvent, cancellationToken);
        }
    }

    private sealed class SpanList(ConcurrentQueue<Activity> spans) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data) => spans.Enqueue(data);
    }
}
