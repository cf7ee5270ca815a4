namespace CogniForge.ServiceDefaults.Messaging;

/// <summary>Where events are published.</summary>
public interface IEventPublisher
{
    /// <summary>Publishes an event; returns once at least one queue has it safely.</summary>
    /// <param name="cloudEvent">The event.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BrokerUnavailableException">Nobody has taken it; publishing it again later does no harm.</exception>
    Task PublishAsync(CloudEvent cloudEvent, CancellationToken cancellationToken);
}

/// <summary>Handles the events of one subscription, in batches, at least once each.</summary>
public interface IEventHandler
{
    /// <summary>
    /// Handles a batch as a whole or not at all. It may be called again with events that it has handled before: recognise them by the ids of their records.
    /// </summary>
    /// <param name="events">The events in the order of their queue.</param>
    /// <param name="cancellationToken">The service stops.</param>
    /// <exception cref="EventRejectedException">An event can never be handled.</exception>
    Task HandleAsync(IReadOnlyList<CloudEvent> events, CancellationToken cancellationToken);
}

/// <summary>A durable queue and what flows into it. All replicas of a service share its queues.</summary>
/// <param name="Queue">The queue's name, e.g. <c>analytics.completions</c>.</param>
/// <param name="EventTypes">The types of events, which are routing keys.</param>
public sealed record Subscription(string Queue, params IReadOnlyList<string> EventTypes);
