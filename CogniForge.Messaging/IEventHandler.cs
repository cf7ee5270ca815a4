namespace CogniForge.Messaging;

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
