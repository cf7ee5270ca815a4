using CogniForge.Messaging;
using CogniForge.Messaging.RabbitMq;
using CogniForge.ServiceDefaults;

namespace CogniForge.Analytics.Ingestion;

/// <summary>Publishes received events; an event is durable once the broker has confirmed it.</summary>
internal sealed class EventCollector(IEventPublisher publisher, EventReserve reserve, ServiceDescription service)
{
    /// <summary>
    /// The type of the event whose body is an array of <see cref="UserEvent"/>; private to analytics.
    /// </summary>
    public const string EventType = "analytics.event.received.v1";

    /// <summary>The type of the same event in the queue that keys share fairly while the first is full.</summary>
    public const string ReserveEventType = "analytics.event.reserved.v1";

    /// <summary>Publishes an event and waits for the broker's confirmation.</summary>
    /// <exception cref="BrokerUnavailableException">The event is not durable; the client must send it
    /// again.</exception>
    public Task ExecuteAsync(UserEvent userEvent, CancellationToken cancellationToken) =>
        PublishAsync(
            CloudEvent.Create(
                EventType,
                service.EventSource,
                userEvent.ReceivedAt,
                new[] { userEvent },
                System.Diagnostics.Activity.Current?.Id
            ),
            userEvent.Source,
            cancellationToken
        );

    private async Task PublishAsync(CloudEvent cloudEvent, string key, CancellationToken cancellationToken)
    {
        try
        {
            await publisher.PublishAsync(cloudEvent, cancellationToken);
        }
        catch (BrokerUnavailableException e) when (e.QueueFull && reserve.TryTake(key, cloudEvent.Data.Length))
        {
            await publisher.PublishAsync(cloudEvent with { Type = ReserveEventType }, cancellationToken);
        }
    }
}
