using CogniForge.Analytics.Domain;
using CogniForge.ServiceDefaults.Messaging;

namespace CogniForge.Analytics.Application;

/// <summary>Stores which model versions began to serve.</summary>
internal sealed class StorePromotions(IActivityStore store) : IEventHandler
{
    public Task HandleAsync(IReadOnlyList<CloudEvent> events, CancellationToken cancellationToken) =>
        store.AddAsync([.. events.Select(e => e.Read<Promotion>())], cancellationToken);
}
