using CogniForge.Messaging;

namespace CogniForge.Analytics.Activity;

/// <summary>Stores the promotions of model versions.</summary>
internal sealed class PromotionConsumer(IActivityStore store) : IEventHandler
{
    public Task HandleAsync(IReadOnlyList<CloudEvent> events, CancellationToken cancellationToken) =>
        store.AddAsync([.. events.Select(e => e.Read<Promotion>())], cancellationToken);
}
