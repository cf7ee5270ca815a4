using CogniForge.Messaging.RabbitMq;

namespace CogniForge.Messaging;

/// <summary>Publishes events.</summary>
public interface IEventPublisher
{
    /// <summary>Publishes an event; returns after at least one queue has stored it.</summary>
    /// <param name="cloudEvent">The event.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    /// <exception cref="BrokerUnavailableException">
    /// No queue confirmed the event; publishing it again later is safe.
    /// </exception>
    Task PublishAsync(CloudEvent cloudEvent, CancellationToken cancellationToken);
}
