using CogniForge.Messaging.RabbitMq;
using CogniForge.Messaging.Tests.RabbitMq;
using CogniForge.Messaging.TransactionalOutbox;
using CogniForge.ServiceDefaults.Health;
using CogniForge.ServiceDefaults.Postgres;
using CogniForge.ServiceDefaults.Tests.Servers;
using CogniForge.ServiceDefaults.Tests.Support;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CogniForge.Messaging.Tests.TransactionalOutbox;

[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public sealed class OutboxTests(RealServers servers) : IAsyncLifetime
{
    private Broker _broker = null!;
    private string _connectionString = "";
    private NpgsqlDataSource _database = null!;

    public async Task InitializeAsync()
    {
        _broker = await Broker.CreateAsync(servers);
        await _broker.DeclareAsync();
        _connectionString = await servers.NewDatabaseAsync();
        _database = NpgsqlDataSource.Create(_connectionString);
        await Migrations.ApplyAsync(_database, typeof(Migrations).Assembly, default);
    }

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task Add_TransactionCommits_PublishesAndDeletesEvent()
    {
        await using var service = await StartServiceAsync();
        var e = Numbers.Event(_broker.EventType, 1) with
        {
            TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        };
        await AddAsync(commit: true, e);

        var message = await _broker.AwaitAsync(_broker.Subscription.Queue);
        var read = AmqpBinding.FromMessage(message.BasicProperties, message.Body);
        Assert.Equal(
            (e.Id, e.Type, e.Source, e.Time, 1),
            (read.Id, read.Type, read.Source, read.Time, read.Read<int>())
        );
        Assert.Contains("0af7651916cd43dd8448eb211c80319c", read.TraceParent, StringComparison.Ordinal);
        await EmptyAsync();
    }

    [Fact]
    public async Task Add_TransactionRollsBack_PublishesNothing()
    {
        await using var service = await StartServiceAsync();
        await AddAsync(commit: false, Numbers.Event(_broker.EventType, 1));
        await AddAsync(commit: true, Numbers.Event(_broker.EventType, 2));

        await _broker.AwaitAsync(_broker.Subscription.Queue);
        await EmptyAsync();
        Assert.Null(await _broker.TakeAsync(_broker.Subscription.Queue));
    }

    [Fact]
    public async Task Dispatch_BrokerUnavailable_PublishesInOrderAfterwards()
    {
        _broker.Proxy.Unplug();
        await using var service = await StartServiceAsync();
        for (var i = 0; i < 5; i++)
        {
            await AddAsync(
                commit: true,
                CloudEvent.Create(_broker.EventType, "/cogniforge/llm", DateTimeOffset.UnixEpoch.AddSeconds(i), i, null)
            );
        }

        _broker.Proxy.Plug();

        await EmptyAsync();
        Assert.Equal([0, 1, 2, 3, 4], await _broker.TakeAllAsync(_broker.Subscription.Queue));
    }

    [Fact]
    public async Task Dispatch_TwoReplicas_PublishNothingTwice()
    {
        await AddAsync(commit: true, [.. Enumerable.Range(0, 500).Select(i => Numbers.Event(_broker.EventType, i))]);

        await using var one = await StartServiceAsync();
        await using var two = await StartServiceAsync();
        await EmptyAsync();

        Assert.Equal(Enumerable.Range(0, 500), (await _broker.TakeAllAsync(_broker.Subscription.Queue)).Order());
    }

    [Fact]
    public async Task Dispatch_ManyEventsWithoutQueue_DoNotDelayOthers()
    {
        var unbound = $"{_broker.EventType}.unbound";
        await AddAsync(
            commit: true,
            [
                .. Enumerable
                    .Range(0, 350)
                    .Select(i => CloudEvent.Create(unbound, "/cogniforge/llm", DateTimeOffset.UnixEpoch, i, null)),
            ]
        );
        await AddAsync(
            commit: true,
            CloudEvent.Create(_broker.EventType, "/cogniforge/llm", DateTimeOffset.UnixEpoch.AddDays(1), 1, null)
        );

        await using var service = await StartServiceAsync();

        await _broker.AwaitAsync(_broker.Subscription.Queue);
        await Until.TrueAsync(async () => await WaitingAsync() == 350, "the published event is forgotten");

        // They are published once a queue is bound.
        await _broker.Channel.QueueBindAsync(_broker.Subscription.Queue, RabbitMqTopology.Exchange, unbound);
        await EmptyAsync();
        Assert.Equal(Enumerable.Range(0, 350), (await _broker.TakeAllAsync(_broker.Subscription.Queue)).Order());
    }

    [Fact]
    public async Task Dispatch_DatabaseOutage_ContinuesAfterwards()
    {
        var target = new NpgsqlConnectionStringBuilder(_connectionString);
        await using var proxy = new TcpProxy(target.Host!, target.Port);
        (target.Host, target.Port) = ("127.0.0.1", proxy.Port);
        await using var service = await _broker.StartServiceAsync(
            database: target.ConnectionString,
            settings: ("Outbox:PollInterval", "00:00:00.2")
        );
        using var client = service.Client(null);
        await AddAsync(commit: true, Numbers.Event(_broker.EventType, 1));
        await _broker.AwaitAsync(_broker.Subscription.Queue);

        proxy.Unplug();
        await AddAsync(commit: true, Numbers.Event(_broker.EventType, 2));
        await Until.TrueAsync(
            async () => await client.GetStringAsync("/health") == "Degraded",
            "the outage is noticed"
        );
        proxy.Plug();

        await _broker.AwaitAsync(_broker.Subscription.Queue);
        Assert.False(service.IsStopping);
    }

    [Fact]
    public async Task Dispatch_InMemoryHandlerFails_Retries()
    {
        var (available, failures, handler) = (new AvailableDependencies(true, false, false), 2, new FakeHandler());
        handler.Before = (_, _) => failures-- > 0 ? throw new InvalidOperationException("A bug.") : Task.CompletedTask;
        await AddAsync(commit: true, Numbers.Event(_broker.EventType, 1));

        await using var service = await TestService.StartAsync(
            configure: builder =>
            {
                builder.Services.AddSingleton(handler);
                builder.Services.AddEventHandler<FakeHandler>(available, _broker.Subscription);
                builder.Services.AddOutbox(available);
            },
            settings: ("ConnectionStrings:llmdb", _connectionString)
        );

        await EmptyAsync();
        Assert.Equal([1], handler.Handled);
    }

    // Sends no signal: the poll finds the events.
    private Task<TestService> StartServiceAsync() =>
        _broker.StartServiceAsync(database: _connectionString, settings: ("Outbox:PollInterval", "00:00:00.2"));

    private async Task AddAsync(bool commit, params CloudEvent[] events)
    {
        await using var connection = await _database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var e in events)
        {
            await Outbox.AddAsync(transaction, e, default);
        }

        if (commit)
        {
            await transaction.CommitAsync();
        }
    }

    private async Task<long> WaitingAsync()
    {
        await using var connection = await _database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM outbox");
    }

    private Task EmptyAsync() => Until.TrueAsync(async () => await WaitingAsync() == 0, "the outbox is empty");
}
