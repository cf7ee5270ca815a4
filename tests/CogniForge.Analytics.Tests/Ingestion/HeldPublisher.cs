using CogniForge.Messaging;

namespace CogniForge.Analytics.Tests.Ingestion;

/// <summary>Holds the first event until it is released; drops all.</summary>
internal sealed class HeldPublisher : IEventPublisher
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _events;

    public bool HasFirst => Volatile.Read(ref _events) > 0;

    public void Release() => _released.SetResult();

    public Task PublishAsync(CloudEvent cloudEvent, CancellationToken cancellationToken) =>
        Interlocked.Increment(ref _events) == 1 ? _released.Task : Task.CompletedTask;
}
