using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace CogniForge.Messaging.RabbitMq;

/// <summary>Exchanges and queues. Declaring them again changes nothing.</summary>
internal static class RabbitMqTopology
{
    public const string Exchange = "cogniforge.events";
    public const string DeadLetterExchange = "cogniforge.dead-letters";

    /// <summary>
    /// After so many failed deliveries a message goes to the dead letters. Before RabbitMQ 4.3 a delivery whose connection is lost counts as failed too,
    /// so the limit leaves room for restarts that no message is to blame for. 20 is also what RabbitMQ 4 does of itself.
    /// </summary>
    public const int DeliveryLimit = 20;

    /// <summary>How many dead letters a queue keeps; beyond that the oldest go.</summary>
    public const int MaxDeadLetters = 100_000;

    /// <summary>How many bytes of dead letters a queue keeps; beyond that the oldest go.</summary>
    public const long MaxDeadLetterBytes = 256L << 20;

    // A queue that is full refuses, so the publisher keeps the message: nothing is dropped at the head.
    private const long MaxQueueBytes = 1L << 30;

    // Who looks at a dead letter and puts it back has delivered it; RabbitMQ 4 would drop it the twentieth time.
    private const int NeverWornOut = 1_000_000;

    public static string GetDeadLetterQueue(Subscription subscription) => $"{subscription.Queue}.dead-letters";

    public static Task DeclareExchangeAsync(IChannel channel, CancellationToken cancellationToken) =>
        channel.ExchangeDeclareAsync(Exchange, ExchangeType.Topic, durable: true, cancellationToken: cancellationToken);

    /// <summary>Declares a subscription's queues.</summary>
    /// <returns>Those that are there with other arguments, as an earlier release declared them: they are used as they are, for a queue keeps its arguments for life.</returns>
    public static async Task<IReadOnlyList<string>> DeclareAsync(
        IConnection connection,
        Subscription subscription,
        CancellationToken cancellationToken
    )
    {
        var older = new List<string>();
        var deadLetters = GetDeadLetterQueue(subscription);
        await DeclareQueueAsync(
            deadLetters,
            new()
            {
                ["x-queue-type"] = "quorum",
                ["x-delivery-limit"] = NeverWornOut,
                ["x-overflow"] = "drop-head",
                ["x-max-length"] = MaxDeadLetters,
                ["x-max-length-bytes"] = MaxDeadLetterBytes,
            }
        );
        await DeclareQueueAsync(
            subscription.Queue,
            new()
            {
                ["x-queue-type"] = "quorum",
                ["x-delivery-limit"] = DeliveryLimit,
                ["x-dead-letter-exchange"] = DeadLetterExchange,
                ["x-dead-letter-routing-key"] = subscription.Queue,
                ["x-dead-letter-strategy"] = "at-least-once",
                ["x-overflow"] = "reject-publish",
                ["x-max-length-bytes"] = MaxQueueBytes,
            }
        );

        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await DeclareExchangeAsync(channel, cancellationToken);
        await channel.ExchangeDeclareAsync(
            DeadLetterExchange,
            ExchangeType.Direct,
            durable: true,
            cancellationToken: cancellationToken
        );
        await channel.QueueBindAsync(
            deadLetters,
            DeadLetterExchange,
            subscription.Queue,
            cancellationToken: cancellationToken
        );
        foreach (var type in subscription.EventTypes)
        {
            await channel.QueueBindAsync(subscription.Queue, Exchange, type, cancellationToken: cancellationToken);
        }

        return older;

        async Task DeclareQueueAsync(string queue, Dictionary<string, object?> arguments)
        {
            // A channel of its own: a declaration that is refused closes it.
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            try
            {
                await channel.QueueDeclareAsync(
                    queue,
                    durable: true,
                    exclusive: false,
                    autoDelete: false,
                    arguments,
                    cancellationToken: cancellationToken
                );
            }
            catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.PreconditionFailed)
            {
                older.Add(queue);
            }
        }
    }
}
