using CogniForge.Bench.Load;
using CogniForge.Bench.Measuring;
using CogniForge.Bench.Reporting;

namespace CogniForge.Bench.Suites.Llm;

/// <summary>Formats the gateway's figures as tables.</summary>
internal static class GatewayTables
{
    public static IReadOnlyList<string> Notes { get; } =
    [
        "added: above direct. CPU µs: the gateway's own process, user and system, per request, including work after "
            + "the response, but not the CPU of Postgres, Redis and RabbitMQ.",
    ];

    /// <summary>The table of unstreamed responses.</summary>
    public static Table Whole(Traffic traffic, IReadOnlyList<Measurement> measurements) =>
        new(
            [
                traffic.Title,
                "requests/s",
                .. RatioHeads(measurements),
                "p50 µs",
                "p99 µs",
                "p50 added",
                "p99 added",
                "CPU µs",
                "spread",
                "errors",
            ],
            Rows(
                measurements,
                m => [Figure.Whole(m.Median.P50Microseconds), Figure.Whole(m.Median.P99Microseconds)],
                r => r.P50Microseconds,
                r => r.P99Microseconds
            )
        );

    /// <summary>The table of streamed responses.</summary>
    public static Table Streamed(Traffic traffic, IReadOnlyList<Measurement> measurements) =>
        new(
            [
                $"streams: {traffic.Title}",
                "streams/s",
                .. RatioHeads(measurements),
                "whole stream p50 µs",
                "first chunk p50 µs",
                "first chunk p99 µs",
                "p50 added",
                "p99 added",
                "CPU µs",
                "spread",
                "errors",
            ],
            Rows(
                measurements,
                m =>
                    [
                        Figure.Whole(m.Median.P50Microseconds),
                        Figure.Whole(m.Median.FirstByteP50Microseconds),
                        Figure.Whole(m.Median.FirstByteP99Microseconds),
                    ],
                r => r.FirstByteP50Microseconds,
                r => r.FirstByteP99Microseconds
            )
        );

    private static IReadOnlyList<Row> Rows(
        IReadOnlyList<Measurement> measurements,
        Func<Measurement, IEnumerable<string>> latencies,
        Func<Round, double> median,
        Func<Round, double> high
    ) =>
        [
            .. measurements.Select(m => new Row(
                [
                    m.Contestant.Name,
                    Figure.Whole(m.Median.RequestsPerSecond),
                    .. References(measurements)
                        .Select(other => m == other ? "" : Figure.Ratio(m.RatioTo(other, r => r.RequestsPerSecond))),
                    .. latencies(m),
                    m.Baseline is null ? "" : Figure.Whole(m.Above(m.Baseline, median)),
                    m.Baseline is null ? "" : Figure.Whole(m.Above(m.Baseline, high)),
                    Figure.Tenths(m.Median.CpuMicroseconds),
                    Figure.Percent(m.Spread),
                    Figure.Whole(m.Median.Errors),
                ],
                m.Baseline is null,
                m.Median.Errors > 0
            )),
        ];

    private static IEnumerable<string> RatioHeads(IReadOnlyList<Measurement> measurements) =>
        References(measurements).Select(m => $"of {m.Contestant.Name}");

    /// <summary>The measurements that the others are compared with.</summary>
    private static IEnumerable<Measurement> References(IReadOnlyList<Measurement> measurements) =>
        measurements.Where(m => m.Contestant.Name is not (GatewayServers.Llm or GatewayServers.Unlimited));
}
