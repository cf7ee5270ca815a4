using CogniForge.Bench.Processes;
using CogniForge.Bench.Reporting;

namespace CogniForge.Bench.Suites.Llm;

/// <summary>
/// Measures many open streams at once: how much later each token arrives, and what a token and a stream cost.
/// </summary>
internal static class ConcurrentStreams
{
    private static readonly TimeSpan _settle = TimeSpan.FromSeconds(3);

    /// <summary>Opens the streams at one target after the other.</summary>
    /// <param name="targets">The targets, first the provider itself.</param>
    /// <param name="count">The number of streams.</param>
    /// <param name="duration">How long to measure.</param>
    /// <param name="progress">Receives what is measured.</param>
    /// <param name="cancellationToken">Cancels the measurement.</param>
    public static async Task<Table> MeasureAsync(
        IEnumerable<ChatTarget> targets,
        int count,
        TimeSpan duration,
        Action<string> progress,
        CancellationToken cancellationToken
    )
    {
        var rows = new List<Row>();
        (double P50, double P99)? direct = null;
        foreach (var target in targets)
        {
            progress($"{count:N0} concurrent streams, {target.Name}");
            var server = target.Server;
            var isDirect = direct is null;
            var before = isDirect ? null : await server.ManagedMemoryAsync(cancellationToken);
            var residentBefore = server.ResidentBytes;
            using var streams = await OpenStreams.OpenAsync(target.Request(stream: true), count, cancellationToken);
            await Task.Delay(_settle, cancellationToken);

            streams.TakeDelays();
            var cpu = server.Cpu;
            await Task.Delay(duration, cancellationToken);
            var delays = streams.TakeDelays();
            cpu = server.Cpu - cpu;

            var resident = server.ResidentBytes - residentBefore;
            var after = isDirect ? null : await server.ManagedMemoryAsync(cancellationToken);
            var (p50, p99) = (delays.Percentile(0.5) / 1e6, delays.Percentile(0.99) / 1e6);
            direct ??= (p50, p99);
            rows.Add(
                new(
                    [
                        target.Name,
                        Figure.Whole(delays.Count / duration.TotalSeconds),
                        Figure.Tenths(p50),
                        Figure.Tenths(p99),
                        isDirect ? "" : Figure.Tenths(p50 - direct.Value.P50),
                        isDirect ? "" : Figure.Tenths(p99 - direct.Value.P99),
                        isDirect ? "" : Figure.Tenths(cpu.TotalMicroseconds / delays.Count),
                        isDirect ? "" : Figure.Tenths(resident / 1e3 / count),
                        isDirect ? "" : Figure.Tenths((after!.HeapBytes - before!.HeapBytes) / 1e3 / count),
                        Figure.Whole(streams.Broken),
                    ],
                    isDirect,
                    streams.Broken > 0
                )
            );
        }

        return new(
            [
                $"{count:N0} concurrent streams, a token each {StreamingProvider.Interval.TotalMilliseconds:0} ms",
                "tokens/s",
                "delay p50 ms",
                "p99 ms",
                "p50 added",
                "p99 added",
                "CPU µs per token",
                "RSS kB per stream",
                "live objects kB per stream",
                "broken",
            ],
            rows
        );
    }
}
