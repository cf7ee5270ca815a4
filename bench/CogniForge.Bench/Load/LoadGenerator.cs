using System.Diagnostics;

namespace CogniForge.Bench.Load;

/// <summary>Closed loop: each connection sends its next request when it has the answer to the last one.</summary>
internal static class LoadGenerator
{
    /// <summary>Loads a server over that many connections, each with a thread of its own, for that long.</summary>
    public static async Task<LoadResult> RunAsync(PreparedRequest request, int connections, TimeSpan duration, CancellationToken cancellationToken)
    {
        var deadline = 0L;
        using var connected = new Barrier(connections, _ => deadline = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency));
        var loops = Enumerable.Range(0, connections).Select(_ => new RequestLoop(request)).ToList();
        await Task.WhenAll(loops.Select(loop => Task.Factory.StartNew(
            () =>
            {
                var connection = loop.Connect();
                connected.SignalAndWait(CancellationToken.None);
                loop.Run(connection, Volatile.Read(ref deadline), cancellationToken);
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        cancellationToken.ThrowIfCancellationRequested();

        var latency = new LatencyHistogram();
        loops.ForEach(loop => latency.Add(loop.Latency));
        return new(latency.Count, loops.Sum(l => l.Sent), loops.Sum(l => l.Errors), loops.Select(l => l.FirstError).FirstOrDefault(e => e is not null), latency);
    }
}
