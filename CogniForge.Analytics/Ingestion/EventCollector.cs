using CogniForge.Messaging;
using CogniForge.Messaging.RabbitMq;
using CogniForge.ServiceDefaults;

namespace CogniForge.Analytics.Ingestion;

/// <summary>Takes an event in: it is safe when the broker has confirmed it.</summary>
internal sealed class EventCollector(IEventPublisher publisher, ServiceDescription service)
{
    /// <summary>The type of the event whose body is an array of <see cref="UserEvent"/>; it stays within this service.</summary>
    public const string EventType = "analytics.event.received.v1";

    /// <summary>Takes an event in.</summary>
    /// <exception cref="BrokerUnavailableException">It is not safe; the client has to send it again.</exception>
    public Task ExecuteAsync(UserEvent userEvent, CancellationToken cancellationToken) =>
        publisher.PublishAsync(
            CloudEvent.Create(
                EventType,
                service.EventSource,
                userEvent.ReceivedAt,
                new[] { userEvent },
                System.Diagnostics.Activity.Current?.Id
            ),
            cancellationToken
        );
}
