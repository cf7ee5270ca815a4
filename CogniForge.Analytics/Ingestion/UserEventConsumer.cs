using CogniForge.Messaging;

namespace CogniForge.Analytics.Ingestion;

/// <summary>Stores the received events.</summary>
internal sealed class UserEventConsumer(IUserEventStore store) : IEventHandler
{
    public Task HandleAsync(IReadOnlyList<CloudEvent> events, CancellationToken cancellationToken) =>
        store.AddAsync([.. events.SelectMany(e => e.Read<UserEvent[]>())], cancellationToken);
}
