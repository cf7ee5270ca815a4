using CogniForge.Analytics.Domain;
using CogniForge.ServiceDefaults.Messaging;

namespace CogniForge.Analytics.Application;

/// <summary>Stores what the gateway answered.</summary>
internal sealed class StoreCompletions(IActivityStore store) : IEventHandler
{
    public Task HandleAsync(IReadOnlyList<CloudEvent> events, CancellationToken cancellationToken) =>
        store.AddAsync([.. events.SelectMany(e => e.Read<Completion[]>()).Where(c => c.IsAnswered)], cancellationToken);
}
