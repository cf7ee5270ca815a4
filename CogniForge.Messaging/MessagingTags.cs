using CogniForge.Messaging.RabbitMq;

namespace CogniForge.Messaging;

/// <summary>Span attributes after OpenTelemetry's messaging conventions.</summary>
internal static class MessagingTags
{
    public static IEnumerable<KeyValuePair<string, object?>> For(CloudEvent e) =>
        [
            new("messaging.system", "rabbitmq"),
            new("messaging.destination.name", RabbitMqTopology.Exchange),
            new("messaging.rabbitmq.destination.routing_key", e.Type),
            new("messaging.message.id", e.Id),
            new("messaging.message.body.size", e.Data.Length),
        ];
}
