using System.Collections.Concurrent;

namespace CogniForge.Messaging.Tests;

/// <summary>A publisher whose results the test sets.</summary>
internal sealed class FakePublisher : IEventPublisher
{
    private readonly ConcurrentQueue<CloudEvent> _attempts = new();
    private readonly ConcurrentQueue<CloudEvent> _published = new();

    /// <summary>The broker's reaction to an event.</summary>
    public Func<CloudEvent, CancellationToken, Task> OnPublish { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>The numbers of the attempted events, in order.</summary>
    public IReadOnlyList<int> Attempts => [.. _attempts.Select(e => e.Read<int>())];

    /// <summary>The numbers of the confirmed events.</summary>
    public IReadOnlyList<int> Published => [.. _published.Select(e => e.Read<int>())];

    public async Task PublishAsync(CloudEvent cloudEvent, CancellationToken cancellationToken)
    {
        _attempts.Enqueue(cloudEvent);
        await OnPublish(cloudEvent, cancellationToken);
        _published.Enqueue(cloudEvent);
    }
}
