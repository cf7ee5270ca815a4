using CogniForge.Messaging;
using CogniForge.Messaging.RabbitMq;
using CogniForge.ServiceDefaults.Health;
using CogniForge.ServiceDefaults.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;

namespace CogniForge.ServiceDefaults.Tests.Support;

/// <summary>A queue and event type of one test, behind a proxy, with a direct connection to the broker.</summary>
internal sealed class Broker : IAsyncDisposable
{
    private readonly IConnection _connection;

    private Broker(string connectionString, TcpProxy proxy, IConnection connection, IChannel channel)
    {
        var uri = new Uri(connectionString);
        (Proxy, _connection, Channel) = (proxy, connection, channel);
        ConnectionString = new UriBuilder(uri) { Host = "127.0.0.1", Port = proxy.Port }.Uri.ToString();
        EventType = $"test.{Guid.CreateVersion7():n}.v1";
        Subscription = new($"queue.{EventType}", EventType);
    }

    /// <summary>The connection string through the proxy.</summary>
    public string ConnectionString { get; }

    public TcpProxy Proxy { get; }

    public IChannel Channel { get; }

    public string EventType { get; }

    public Subscription Subscription { get; }

    public string DeadLetters => RabbitMqTopology.GetDeadLetterQueue(Subscription);

    public static async Task<Broker> CreateAsync(RealServers servers)
    {
        var uri = new Uri(servers.RabbitMq);
        var connection = await servers.ConnectAsync();
        return new(
            servers.RabbitMq,
            new TcpProxy(uri.Host, uri.Port),
            connection,
            await connection.CreateChannelAsync(new(true, true))
        );
    }

    public Task DeclareAsync() => RabbitMqTopology.DeclareAsync(_connection, Subscription, default);

    /// <summary>Starts a service with this broker.</summary>
    public Task<TestService> StartServiceAsync(
        TimeProvider? time = null,
        FakeHandler? handler = null,
        string? database = null,
        string? broker = null,
        params (string Key, string Value)[] settings
    ) =>
        TestService.StartAsync(
            configure: builder =>
            {
                builder.Services.AddSingleton(time ?? TimeProvider.System);
                var available = new AvailableDependencies(database is not null, false, true);
                if (handler is not null)
                {
                    builder.Services.AddSingleton(handler);
                    builder.Services.AddEventHandler<FakeHandler>(available, Subscription);
                }

                builder.Services.AddOutbox(available);
            },
            settings:
            [
                ("ConnectionStrings:messaging", broker ?? ConnectionString),
                .. database is null ? Array.Empty<(string, string)>() : [("ConnectionStrings:llmdb", database)],
                .. settings,
            ]
        );

    public async Task PublishAsync(IEnumerable<int> numbers)
    {
        foreach (var number in numbers)
        {
            var e = Numbers.Event(EventType, number);
            await Channel.BasicPublishAsync(
                RabbitMqTopology.Exchange,
                EventType,
                mandatory: true,
                AmqpBinding.ToProperties(e),
                e.Data
            );
        }
    }

    /// <summary>Takes a message from a queue; null if it is empty.</summary>
    public Task<BasicGetResult?> TakeAsync(string queue) => Channel.BasicGetAsync(queue, autoAck: true);

    /// <summary>Waits for a message in a queue and takes it.</summary>
    public async Task<BasicGetResult> AwaitAsync(string queue)
    {
        BasicGetResult? message = null;
        await Until.TrueAsync(async () => (message = await TakeAsync(queue)) is not null, $"a message in {queue}");
        return message!;
    }

    public async Task<IReadOnlyList<int>> TakeAllAsync(string queue)
    {
        var numbers = new List<int>();
        while (await TakeAsync(queue) is { } message)
        {
            numbers.Add(AmqpBinding.FromMessage(message.BasicProperties, message.Body).Read<int>());
        }

        return numbers;
    }

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        foreach (var queue in new[] { Subscription.Queue, DeadLetters })
        {
            await Channel.QueueDeleteAsync(queue);
        }

        await _connection.DisposeAsync();
    }
}
