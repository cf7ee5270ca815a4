using CogniForge.Messaging;

namespace CogniForge.Analytics.Activity;

/// <summary>Stores the drifts of models.</summary>
internal sealed class DriftConsumer(IActivityStore store) : IEventHandler
{
    public Task HandleAsync(IReadOnlyList<CloudEvent> events, CancellationToken cancellationToken) =>
        store.AddAsync([.. events.Select(e => e.Read<Drift>())], cancellationToken);
}
