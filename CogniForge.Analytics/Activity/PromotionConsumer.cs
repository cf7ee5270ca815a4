using CogniForge.Messaging;

namespace CogniForge.Analytics.Activity;

/// <summary>Stores which model versions began to serve.</summary>
internal sealed class PromotionConsumer(IActivityStore store) : IEventHandler
{
    public Task HandleAsync(IReadOnlyList<CloudEvent> events, CancellationToken cancellationToken) =>
        store.AddAsync([.. events.Select(e => e.Read<Promotion>())], cancellationToken);
}
