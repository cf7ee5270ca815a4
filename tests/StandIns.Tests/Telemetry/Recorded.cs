using System.Collections.Concurrent;
using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace StandIns.Tests.Telemetry;

/// <summary>Keeps the spans that a tracer provider would export; sources are shared by the process, so tests pick theirs.</summary>
public sealed class RecordedSpans : BaseProcessor<Activity>
{
    private readonly ConcurrentQueue<Activity> _spans = new();

    public override void OnEnd(Activity data) => _spans.Enqueue(data);

    public IReadOnlyList<Activity> All => [.. _spans];

    /// <remarks>Waits, because a server ends its span after the client has the response.</remarks>
    public async Task<Activity> OneAsync(Func<Activity, bool> condition)
    {
        await Until.TrueAsync(() => _spans.Any(condition));
        return _spans.First(condition);
    }
}

public sealed class RecordedMetrics : BaseExporter<Metric>
{
    private readonly ConcurrentDictionary<string, string> _meterOf = new();

    public IReadOnlyDictionary<string, string> MeterOf => _meterOf;

    public override ExportResult Export(in Batch<Metric> batch)
    {
        foreach (var metric in batch)
            _meterOf[metric.Name] = metric.MeterName;
        return ExportResult.Success;
    }
}
