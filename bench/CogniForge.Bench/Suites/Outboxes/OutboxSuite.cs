using CogniForge.Bench.Load;
using CogniForge.Bench.Measuring;
using CogniForge.Bench.Processes;
using CogniForge.Bench.Reporting;

namespace CogniForge.Bench.Suites.Outboxes;

/// <summary>
/// Latency of a committed event and drain rate of a backlog: the real outbox beside one that polls each second and
/// publishes one by one. Each has its own database on the same servers.
/// </summary>
internal static class OutboxSuite
{
    private const int Backlog = 2_000;

    public static async Task<Report> RunAsync(
        BenchOptions options,
        Action<string> progress,
        CancellationToken cancellationToken
    )
    {
        progress("start");
        await using var stores = await StoreServers.StartAsync(cancellationToken);
        await using var polled = await OutboxHost.StartAsync("servingdb", isPolled: true, stores, cancellationToken);
        await using var signaled = await OutboxHost.StartAsync("llmdb", isPolled: false, stores, cancellationToken);
        await stores.TakeEventsAsync(OutboxHost.EventType, cancellationToken);
        OutboxHost[] hosts = [polled, signaled];

        progress("warm-up");
        foreach (var host in hosts)
        {
            await host.DrainAsync(Backlog, cancellationToken);
        }

        var watch = new MachineWatch();
        var rounds = hosts.ToDictionary(h => h, _ => new List<OutboxRound>());
        for (var round = 1; round <= options.Rounds; round++)
        {
            progress($"round {round} of {options.Rounds}");
            foreach (var host in hosts)
            {
                var latency = await host.PaceAsync(options.Duration, cancellationToken);
                rounds[host]
                    .Add(
                        new(
                            latency.Percentile(0.50) / 1e6,
                            latency.Percentile(0.99) / 1e6,
                            await host.DrainAsync(Backlog, cancellationToken)
                        )
                    );
            }
        }

        return new(
            "outbox",
            [],
            [Compared(rounds[polled], rounds[signaled])],
            [
                "p50, p99: from the call of COMMIT to the broker's confirmation, at "
                    + $"{OutboxHost.EventsPerSecond} transactions a second with one event each. "
                    + $"events/s: a backlog of {Backlog:N0}, from its first confirmation to its last.",
            ],
            watch.Read()
        );
    }

    private static Table Compared(List<OutboxRound> polled, List<OutboxRound> signaled)
    {
        return new(
            ["outbox", "p50 ms", "of polled", "p99 ms", "of polled", "events/s", "of polled"],
            [
                new(Cells("poll each second, one by one", polled, null), IsBaseline: true),
                new(Cells("signal and batches", signaled, polled)),
            ]
        );

        static string[] Cells(string name, List<OutboxRound> rounds, List<OutboxRound>? baseline)
        {
            Func<OutboxRound, double>[] figures =
            [
                r => r.P50Milliseconds,
                r => r.P99Milliseconds,
                r => r.EventsPerSecond,
            ];
            return
            [
                name,
                .. figures.SelectMany(figure =>
                    new[]
                    {
                        Figure.Tenths(Round.GetMedian(rounds, figure)),
                        baseline is null
                            ? ""
                            : Figure.Ratio(
                                Round.GetMedian(rounds.Zip(baseline), pair => figure(pair.First) / figure(pair.Second))
                            ),
                    }
                ),
            ];
        }
    }
}
