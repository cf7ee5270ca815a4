using System.Collections.Concurrent;
using CogniForge.Messaging;

namespace CogniForge.ServiceDefaults.Tests.Support;

/// <summary>Records events and fails on demand.</summary>
internal sealed class FakeHandler : IEventHandler
{
    private readonly ConcurrentQueue<IReadOnlyList<CloudEvent>> _handled = new();
    private int _calls;

    public Func<IReadOnlyList<CloudEvent>, CancellationToken, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    public int Calls => _calls;

    public IReadOnlyList<IReadOnlyList<CloudEvent>> Batches => [.. _handled];

    /// <summary>The numbers of the events (<see cref="Numbers.Event"/>).</summary>
    public IReadOnlyList<int> Handled => [.. _handled.SelectMany(b => b).Select(e => e.Read<int>())];

    public async Task HandleAsync(IReadOnlyList<CloudEvent> events, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        await Before(events, cancellationToken);
        _handled.Enqueue(events);
    }
}
