using CogniForge.Messaging.RabbitMq;
using CogniForge.Messaging.Tests.RabbitMq;
using CogniForge.ServiceDefaults.Tests.Servers;
using CogniForge.ServiceDefaults.Tests.Support;
using Npgsql;

namespace CogniForge.Messaging.Tests.TransactionalOutbox;

/// <summary>Signals to the dispatcher: with a poll interval of one hour, only a signal wakes it.</summary>
[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public sealed class OutboxWakeUpTests(RealServers servers) : IAsyncLifetime
{
    private const string Hour = "01:00:00";

    // The first dispatches of a start could find the first events without a signal.
    private const int Events = 5;

    private Broker _broker = null!;
    private OutboxDatabase _database = null!;

    public async Task InitializeAsync()
    {
        _broker = await Broker.CreateAsync(servers);
        await _broker.DeclareAsync();
        _database = await OutboxDatabase.CreateAsync(servers);
    }

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task Commit_LongPollInterval_PublishesAtOnce()
    {
        await using var service = await StartServiceAsync(Hour);
        for (var i = 0; i < Events; i++)
        {
            await _database.CommitAsync(service, Event(i));
            await ArrivesAsync(i);
        }
    }

    [Fact]
    public async Task Commit_MoreThanOneBatch_PublishesAll()
    {
        await using var service = await StartServiceAsync(Hour);

        await _database.CommitAsync(service, [.. Enumerable.Range(0, 250).Select(Event)]);

        await _database.EmptyAsync();
        Assert.Equal(Enumerable.Range(0, 250), (await _broker.TakeAllAsync(_broker.Subscription.Queue)).Order());
    }

    [Fact]
    public async Task Commit_ReplicaWithoutBroker_OtherReplicaPublishes()
    {
        await using var other = await StartServiceAsync(Hour);
        await using var cutOff = new TcpProxy("127.0.0.1", 9);
        cutOff.Unplug();
        await using var service = await StartServiceAsync(Hour, broker: $"amqp://127.0.0.1:{cutOff.Port}");
        await _database.ListenersAsync(2);

        for (var i = 0; i < Events; i++)
        {
            await _database.CommitAsync(service, Event(i));
            await ArrivesAsync(i);
        }
    }

    [Fact]
    public async Task Notify_FromAnotherProcess_PublishesItsEvents()
    {
        await using var service = await StartServiceAsync(Hour);
        await _database.ListenersAsync(1);
        for (var i = 0; i < Events; i++)
        {
            await _database.CommitWithoutSignalAsync(Event(i));
            await _database.ScalarAsync("SELECT count(pg_notify('outbox', 'another'))");
            await ArrivesAsync(i);
        }
    }

    [Fact]
    public async Task Listen_ConnectionEnds_CatchesUpAndListensAgain()
    {
        await using var service = await StartServiceAsync(Hour);
        await _database.ListenersAsync(1);
        for (var i = 0; i < Events; i++)
        {
            await _database.CommitWithoutSignalAsync(Event(i));
            await _database.EndListenersAsync();
            await ArrivesAsync(i);
            await _database.ListenersAsync(1);
        }
    }

    [Fact]
    public async Task Poll_SignalMissed_Publishes()
    {
        await using var service = await StartServiceAsync("00:00:00.1");
        for (var i = 0; i < Events; i++)
        {
            await _database.CommitWithoutSignalAsync(Event(i));
            await ArrivesAsync(i);
        }
    }

    [Fact]
    public async Task Commit_DatabaseHangs_PublishesAfterwards()
    {
        var target = new NpgsqlConnectionStringBuilder(_database.ConnectionString);
        await using var proxy = new TcpProxy(target.Host!, target.Port);
        (target.Host, target.Port) = ("127.0.0.1", proxy.Port);
        await using var service = await StartServiceAsync(Hour, database: target.ConnectionString);
        using var client = service.Client(null);
        await _database.CommitAsync(service, Event(0));
        await ArrivesAsync(0);

        proxy.Stall();
        await _database.CommitAsync(service, Event(1));
        await Until.TrueAsync(async () => await client.GetStringAsync("/health") == "Degraded", "the hang is noticed");
        proxy.Resume();

        await ArrivesAsync(1);
    }

    [Theory]
    [InlineData("PollInterval", "00:00:00.05")]
    [InlineData("PollInterval", "2.00:00:00")]
    [InlineData("BatchSize", "0")]
    [InlineData("BatchSize", "1001")]
    [InlineData("RetryDelay", "00:02:00")]
    [InlineData("Interval", "00:00:01")]
    public async Task Start_OptionOutOfRange_FailsNamingIt(string option, string value)
    {
        var refusal = await Assert.ThrowsAnyAsync<Exception>(() =>
            _broker.StartServiceAsync(database: _database.ConnectionString, settings: ($"Outbox:{option}", value))
        );

        Assert.Contains(option, refusal.ToString(), StringComparison.Ordinal);
    }

    private CloudEvent Event(int number) => Numbers.Event(_broker.EventType, number);

    private Task<TestService> StartServiceAsync(string pollInterval, string? database = null, string? broker = null) =>
        _broker.StartServiceAsync(
            database: database ?? _database.ConnectionString,
            broker: broker,
            settings: ("Outbox:PollInterval", pollInterval)
        );

    private async Task ArrivesAsync(int number)
    {
        var message = await _broker.AwaitAsync(_broker.Subscription.Queue);
        Assert.Equal(number, AmqpBinding.FromMessage(message.BasicProperties, message.Body).Read<int>());
    }
}
