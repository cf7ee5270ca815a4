using CogniForge.Messaging;

namespace CogniForge.Analytics.Activity;

/// <summary>Stores the gateway's successful completions.</summary>
internal sealed class CompletionConsumer(IActivityStore store) : IEventHandler
{
    public Task HandleAsync(IReadOnlyList<CloudEvent> events, CancellationToken cancellationToken) =>
        store.AddAsync(
            [.. events.SelectMany(e => e.Read<Completion[]>()).Where(c => c.IsCompletion)],
            cancellationToken
        );
}
