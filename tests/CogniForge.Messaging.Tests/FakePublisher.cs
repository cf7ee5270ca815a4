using System.Collections.Concurrent;

namespace CogniForge.Messaging.Tests;

/// <summary>A broker that the test answers for.</summary>
internal sealed class FakePublisher : IEventPublisher
{
    private readonly ConcurrentQueue<CloudEvent> _attempts = new();
    private readonly ConcurrentQueue<CloudEvent> _published = new();

    /// <summary>What the broker does with an event.</summary>
    public Func<CloudEvent, CancellationToken, Task> Answer { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>The numbers of the events that were tried, in order.</summary>
    public IReadOnlyList<int> Attempts => [.. _attempts.Select(e => e.Read<int>())];

    /// <summary>The numbers of the events that were confirmed.</summary>
    public IReadOnlyList<int> Published => [.. _published.Select(e => e.Read<int>())];

    public async Task PublishAsync(CloudEvent cloudEvent, CancellationToken cancellationToken)
    {
        _attempts.Enqueue(cloudEvent);
        await Answer(cloudEvent, cancellationToken);
        _published.Enqueue(cloudEvent);
    }
}
