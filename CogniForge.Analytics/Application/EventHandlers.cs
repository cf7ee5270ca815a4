using CogniForge.Analytics.Domain;
using CogniForge.ServiceDefaults.Messaging;

namespace CogniForge.Analytics.Application;

/// <summary>Stores what clients sent in.</summary>
internal sealed class StoreUserEvents(IUserEventStore store) : IEventHandler
{
    public Task HandleAsync(IReadOnlyList<CloudEvent> events, CancellationToken cancellationToken) =>
        store.AddAsync([.. events.SelectMany(e => e.Read<UserEvent[]>())], cancellationToken);
}
