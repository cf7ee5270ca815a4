using CogniForge.Messaging.RabbitMq;

namespace CogniForge.Messaging;

/// <summary>Where events are published.</summary>
public interface IEventPublisher
{
    /// <summary>Publishes an event; returns once at least one queue has it safely.</summary>
    /// <param name="cloudEvent">The event.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BrokerUnavailableException">Nobody has taken it; publishing it again later does no harm.</exception>
    Task PublishAsync(CloudEvent cloudEvent, CancellationToken cancellationToken);
}
