using System.Text;
using CogniForge.Bench.Load;
using CogniForge.Bench.Measuring;
using CogniForge.Bench.Processes;
using CogniForge.Bench.Reporting;

namespace CogniForge.Bench.Suites.Llm;

/// <summary>
/// The cost of the LLM gateway: requests sent directly to the provider, through a bare forwarder, through the gateway
/// with everything on, and through a peer.
/// </summary>
internal static class Gateway
{
    // The slowest target sustains these rates, so the tables show time in transit and no queueing.
    private static readonly Traffic _paced = new(Connections: 16, RequestsPerSecond: 400);
    private static readonly Traffic _pacedStreams = new(Connections: 16, RequestsPerSecond: 100);

    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(15);

    public static async Task<Report> RunAsync(
        BenchOptions options,
        Action<string> progress,
        CancellationToken cancellationToken
    )
    {
        progress("start");
        await using var stores = await StoreServers.StartAsync(cancellationToken);
        using var servers = new ServerSet();
        using var slow = new SlowProvider();
        var (targets, slowTargets, streamTargets, note) = await GatewayServers.StartAsync(
            servers,
            stores,
            slow.Address,
            progress,
            cancellationToken
        );
        bool IsWanted(ChatTarget target) =>
            target.Name == GatewayServers.Direct
            || target.Name.Contains(options.Only, StringComparison.OrdinalIgnoreCase);
        var (whole, streamed) = (
            Contestants(targets.Where(IsWanted), stream: false),
            Contestants(targets.Where(IsWanted), stream: true)
        );
        int[] connections = [.. options.Connections ?? [1, 16, 64, 256]];

        var watch = new MachineWatch();
        progress("warm-up");
        foreach (var contestant in whole.Concat(streamed))
        {
            await TryAsync(contestant, cancellationToken);
        }

        await Comparison.WarmUpAsync([.. whole, .. streamed], cancellationToken);
        var measurements = new List<Measurement>();
        var tables = new List<Table>();
        foreach (var traffic in connections.Select(c => new Traffic(c)).Append(_paced))
        {
            var measured = await Comparison.RunAsync(whole, traffic, options, progress, cancellationToken);
            measurements.AddRange(measured);
            tables.Add(GatewayTables.Whole(traffic, measured));
        }

        foreach (var traffic in connections.Select(c => new Traffic(c)).Append(_pacedStreams))
        {
            var measured = await Comparison.RunAsync(
                streamed,
                traffic,
                options,
                t => progress("streams, " + t),
                cancellationToken
            );
            measurements.AddRange(measured);
            tables.Add(GatewayTables.Streamed(traffic, measured));
        }

        progress("disconnects");
        tables.Add(
            await Disconnects.MeasureAsync(
                slowTargets.Where(IsWanted).Select(t => (t.Name, t.Request(stream: true))),
                slow,
                cancellationToken
            )
        );
        foreach (var count in options.Streams)
        {
            tables.Add(
                await ConcurrentStreams.MeasureAsync(
                    streamTargets.Where(IsWanted),
                    count,
                    options.Duration * 6,
                    progress,
                    cancellationToken
                )
            );
        }

        if (options.MemoryRequests > 0)
        {
            var llm = targets.Single(t => t.Name == GatewayServers.Llm);
            tables.Add(await MemoryRun.MeasureAsync(llm, options.MemoryRequests, progress, cancellationToken));
        }

        return new(
            "llm",
            measurements,
            tables,
            [.. GatewayTables.Notes, .. note is null ? Array.Empty<string>() : [note]],
            watch.Read()
        );
    }

    /// <summary>Sends one request until it succeeds, so one-time work happens outside the measurement.</summary>
    /// <remarks>A new budget grants nothing for its first seconds.</remarks>
    private static async Task TryAsync(Contestant contestant, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        using var connection = new HttpConnection(contestant.Server.Address);
        while (true)
        {
            var (status, body) = connection.Exchange(contestant.Request.Bytes);
            if (status == contestant.Request.Status)
            {
                return;
            }

            if (
                status != StatusCodes.Status429TooManyRequests
                || TimeProvider.System.GetElapsedTime(started) > _timeout
            )
            {
                throw new BenchException(
                    $"{contestant.Name} responded with {status}: {Encoding.UTF8.GetString(body.Span)}"
                );
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private static List<Contestant> Contestants(IEnumerable<ChatTarget> targets, bool stream)
    {
        var contestants = new List<Contestant>();
        foreach (var target in targets)
        {
            contestants.Add(
                new(
                    target.Name,
                    target.Server,
                    target.Request(stream),
                    contestants.FirstOrDefault(),
                    target.Backlog is { } backlog ? backlog.EmptyAsync : null
                )
            );
        }

        return contestants;
    }
}
