using RabbitMQ.Client;

namespace CogniForge.ServiceDefaults.Messaging;

/// <summary>Exchanges and queues. Declaring them again changes nothing.</summary>
internal static class Topology
{
    public const string Exchange = "cogniforge.events";
    public const string DeadLetterExchange = "cogniforge.dead-letters";

    /// <summary>
    /// After so many failed deliveries a message goes to the dead letters. Before RabbitMQ 4.3 a delivery whose connection is lost counts as failed too,
    /// so the limit leaves room for restarts that no message is to blame for. 20 is also what RabbitMQ 4 does of itself.
    /// </summary>
    public const int DeliveryLimit = 20;

    // A queue that is full refuses, so the publisher keeps the message: nothing is dropped at the head.
    private const long MaxQueueBytes = 1L << 30;

    public static Task DeclareExchangeAsync(IChannel channel, CancellationToken cancellationToken) =>
        channel.ExchangeDeclareAsync(Exchange, ExchangeType.Topic, durable: true, cancellationToken: cancellationToken);

    public static async Task DeclareAsync(IChannel channel, Subscription subscription, CancellationToken cancellationToken)
    {
        await DeclareExchangeAsync(channel, cancellationToken);
        await channel.ExchangeDeclareAsync(DeadLetterExchange, ExchangeType.Direct, durable: true, cancellationToken: cancellationToken);

        var deadLetters = $"{subscription.Queue}.dead-letters";
        await channel.QueueDeclareAsync(deadLetters, durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: cancellationToken);
        await channel.QueueBindAsync(deadLetters, DeadLetterExchange, subscription.Queue, cancellationToken: cancellationToken);

        await channel.QueueDeclareAsync(subscription.Queue, durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?>
            {
                ["x-queue-type"] = "quorum",
                ["x-delivery-limit"] = DeliveryLimit,
                ["x-dead-letter-exchange"] = DeadLetterExchange,
                ["x-dead-letter-routing-key"] = subscription.Queue,
                ["x-dead-letter-strategy"] = "at-least-once",
                ["x-overflow"] = "reject-publish",
                ["x-max-length-bytes"] = MaxQueueBytes,
            }, cancellationToken: cancellationToken);
        foreach (var type in subscription.EventTypes)
        {
            await channel.QueueBindAsync(subscription.Queue, Exchange, type, cancellationToken: cancellationToken);
        }
    }
}
