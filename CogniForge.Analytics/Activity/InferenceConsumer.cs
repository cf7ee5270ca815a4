using CogniForge.Messaging;

namespace CogniForge.Analytics.Activity;

/// <summary>Stores the inferences of model serving.</summary>
internal sealed class InferenceConsumer(IActivityStore store) : IEventHandler
{
    public Task HandleAsync(IReadOnlyList<CloudEvent> events, CancellationToken cancellationToken) =>
        store.AddAsync([.. events.SelectMany(e => e.Read<Inference[]>())], cancellationToken);
}
