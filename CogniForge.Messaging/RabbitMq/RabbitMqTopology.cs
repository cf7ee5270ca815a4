using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace CogniForge.Messaging.RabbitMq;

/// <summary>Declares exchanges and queues; repeated declarations change nothing.</summary>
internal static class RabbitMqTopology
{
    public const string Exchange = "cogniforge.events";
    public const string DeadLetterExchange = "cogniforge.dead-letters";

    /// <summary>
    /// Failed deliveries before dead-lettering. Before RabbitMQ 4.3, lost connections count too, so the limit leaves
    /// room for restarts. 20 is also the default of RabbitMQ 4.
    /// </summary>
    public const int DeliveryLimit = 20;

    /// <summary>The maximum number of dead letters per queue; beyond it the broker drops the oldest.</summary>
    public const int MaxDeadLetters = 100_000;

    /// <summary>The maximum size of dead letters per queue in bytes; beyond it the broker drops the oldest.</summary>
    public const long MaxDeadLetterBytes = 256L << 20;

    // A full queue refuses new messages and the publisher keeps them; the broker drops none.
    private const long MaxQueueBytes = 1L << 30;

    // Inspecting and requeueing a dead letter counts as a delivery; RabbitMQ 4 would drop it after 20.
    private const int DeadLetterDeliveryLimit = 1_000_000;

    public static string GetDeadLetterQueue(Subscription subscription) => $"{subscription.Queue}.dead-letters";

    public static Task DeclareExchangeAsync(IChannel channel, CancellationToken cancellationToken) =>
        channel.ExchangeDeclareAsync(Exchange, ExchangeType.Topic, durable: true, cancellationToken: cancellationToken);

    /// <summary>Declares a subscription's queues.</summary>
    /// <returns>
    /// The queues that exist with different arguments from an earlier release: a queue keeps its arguments for life, so
    /// they are used unchanged.
    /// </returns>
    public static async Task<IReadOnlyList<string>> DeclareAsync(
        IConnection connection,
        Subscription subscription,
        CancellationToken cancellationToken
    )
    {
        var mismatched = new List<string>();
        var deadLetters = GetDeadLetterQueue(subscription);
        await DeclareQueueAsync(
            deadLetters,
            new()
            {
                ["x-queue-type"] = "quorum",
                ["x-delivery-limit"] = DeadLetterDeliveryLimit,
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

        return mismatched;

        async Task DeclareQueueAsync(string queue, Dictionary<string, object?> arguments)
        {
            // A separate channel, because a refused declaration closes it.
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
                mismatched.Add(queue);
            }
        }
    }
}
