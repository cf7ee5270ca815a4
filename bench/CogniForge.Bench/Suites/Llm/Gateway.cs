using System.Text;
using CogniForge.Bench.Load;
using CogniForge.Bench.Measuring;
using CogniForge.Bench.Processes;
using CogniForge.Bench.Reporting;

namespace CogniForge.Bench.Suites.Llm;

/// <summary>What the LLM gateway costs: a provider in its place addressed directly, through a bare forwarder, through the gateway with everything on, and through a peer.</summary>
internal static class Gateway
{
    // What the slowest of them can bear, so that the table shows the time on the way and none of it is a queue's.
    private static readonly Traffic _paced = new(Connections: 16, RequestsPerSecond: 400);
    private static readonly Traffic _pacedStreams = new(Connections: 16, RequestsPerSecond: 100);

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(15);

    public static async Task<Report> RunAsync(
        BenchOptions options,
        Action<string> progress,
        CancellationToken cancellationToken
    )
    {
        progress("start");
        await using var stores = await StoreServers.StartAsync(cancellationToken);
        using var servers = new ServerSet();
        using var slow = new HeldStream();
        var (ways, slowWays, note) = await GatewayServers.StartAsync(
            servers,
            stores,
            slow.Address,
            progress,
            cancellationToken
        );
        bool IsWanted(Way way) =>
            way.Name == GatewayServers.Direct || way.Name.Contains(options.Only, StringComparison.OrdinalIgnoreCase);
        var (whole, streamed) = (
            Contestants(ways.Where(IsWanted), stream: false),
            Contestants(ways.Where(IsWanted), stream: true)
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
                slowWays.Where(IsWanted).Select(w => (w.Name, w.Request(stream: true))),
                slow,
                cancellationToken
            )
        );
        if (options.MemoryRequests > 0)
        {
            var llm = ways.Single(w => w.Name == GatewayServers.Llm);
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

    /// <summary>Sends a request alone, until it is answered: what a server does but once is neither measured nor met by sixteen connections at a time, and a new budget grants nothing for its first seconds.</summary>
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
                || TimeProvider.System.GetElapsedTime(started) > _patience
            )
            {
                throw new BenchException($"{contestant.Name} answered {status}: {Encoding.UTF8.GetString(body.Span)}");
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private static List<Contestant> Contestants(IEnumerable<Way> ways, bool stream)
    {
        var contestants = new List<Contestant>();
        foreach (var way in ways)
        {
            contestants.Add(
                new(
                    way.Name,
                    way.Server,
                    way.Request(stream),
                    contestants.FirstOrDefault(),
                    way.Backlog is { } backlog ? backlog.EmptyAsync : null
                )
            );
        }

        return contestants;
    }
}
