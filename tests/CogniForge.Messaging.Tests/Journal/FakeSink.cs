using System.Collections.Concurrent;
using CogniForge.Messaging.Journal;

namespace CogniForge.Messaging.Tests.Journal;

/// <summary>Records what it receives and fails on demand.</summary>
internal sealed class FakeSink : IJournalSink<Fact>
{
    private readonly ConcurrentQueue<IReadOnlyList<Fact>> _batches = new();

    public Func<IReadOnlyList<Fact>, CancellationToken, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    public int Calls { get; private set; }

    public IReadOnlyList<IReadOnlyList<Fact>> Batches => [.. _batches];

    public IReadOnlyList<string> Texts => [.. _batches.SelectMany(b => b).Select(f => f.Text)];

    public async Task WriteAsync(IReadOnlyList<Fact> records, CancellationToken cancellationToken)
    {
        Calls++;
        await Before(records, cancellationToken);
        _batches.Enqueue(records);
    }
}
