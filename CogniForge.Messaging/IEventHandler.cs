namespace CogniForge.Messaging;

/// <summary>Handles the events of one subscription in batches, each event at least once.</summary>
public interface IEventHandler
{
    /// <summary>
    /// Handles a batch completely or not at all. The same events can arrive again: recognize them by the ids of their
    /// records.
    /// </summary>
    /// <param name="events">The events in queue order.</param>
    /// <param name="cancellationToken">Cancelled when the service stops.</param>
    /// <exception cref="EventRejectedException">An event can never be handled.</exception>
    Task HandleAsync(IReadOnlyList<CloudEvent> events, CancellationToken cancellationToken);
}
