using System.Diagnostics;

namespace CogniForge.Bench.Load;

/// <summary>Sends one request repeatedly.</summary>
internal static class LoadGenerator
{
    /// <summary>Loads a server for the given time, with one thread per connection.</summary>
    public static async Task<LoadResult> RunAsync(
        PreparedRequest request,
        Traffic traffic,
        TimeSpan duration,
        CancellationToken cancellationToken
    )
    {
        var (start, ticks) = (0L, (long)(duration.TotalSeconds * Stopwatch.Frequency));
        using var connected = new Barrier(traffic.Connections, _ => start = Stopwatch.GetTimestamp());
        var pace = traffic.RequestsPerSecond is { } rate ? Stopwatch.Frequency / rate : 0;
        var loops = Enumerable
            .Range(0, traffic.Connections)
            .Select(_ => new RequestLoop(request, pace * traffic.Connections))
            .ToList();
        await Task.WhenAll(
            loops.Select(
                (loop, i) =>
                    Task.Factory.StartNew(
                        () =>
                        {
                            var connection = loop.Connect();
                            connected.SignalAndWait(CancellationToken.None);
                            var started = Volatile.Read(ref start);
                            loop.Run(connection, started + (i * pace), started + ticks, cancellationToken);
                        },
                        CancellationToken.None,
                        TaskCreationOptions.LongRunning,
                        TaskScheduler.Default
                    )
            )
        );
        cancellationToken.ThrowIfCancellationRequested();

        var (latency, firstByte) = (new LatencyHistogram(), new LatencyHistogram());
        foreach (var loop in loops)
        {
            latency.Add(loop.Latency);
            firstByte.Add(loop.FirstByte);
        }

        return new(
            latency.Count,
            loops.Sum(l => l.Sent),
            loops.Sum(l => l.Errors),
            loops.Select(l => l.FirstError).FirstOrDefault(e => e is not null),
            latency,
            firstByte
        );
    }
}
