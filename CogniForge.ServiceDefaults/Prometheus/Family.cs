using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace CogniForge.ServiceDefaults.Prometheus;

/// <summary>The series of one name.</summary>
internal sealed class Family
{
    // Seconds, as OpenTelemetry advises for durations of requests.
    private static readonly double[] _defaultBounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    private readonly ConcurrentDictionary<string, Series> _series = new(StringComparer.Ordinal);
    private readonly TaggedSeries _tagged = new();
    private readonly Instrument _instrument;
    private readonly string _type;
    private readonly double[]? _bounds;
    private readonly bool _adds;

    public Family(Instrument instrument)
    {
        _instrument = instrument;
        var kind = instrument.GetType().Name;
        var monotonic = kind.StartsWith("Counter", StringComparison.Ordinal) || kind.StartsWith("ObservableCounter", StringComparison.Ordinal);
        _bounds = kind.StartsWith("Histogram", StringComparison.Ordinal) ? Bounds(instrument) : null;
        _adds = !instrument.IsObservable && !kind.StartsWith("Gauge", StringComparison.Ordinal);
        _type = _bounds is not null ? "histogram" : monotonic ? "counter" : "gauge";
        var name = PrometheusName.Of(instrument.Name, instrument.Unit);
        Name = monotonic && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    public string Name { get; }

    /// <summary>Whether another instrument of this name measures the same way.</summary>
    public bool IsLike(Family other) => (_type, _adds, _instrument.IsObservable) == (other._type, other._adds, other._instrument.IsObservable);

    /// <summary>Forgets what was observed before: what is observed no more must not stay for ever.</summary>
    public void ForgetObserved()
    {
        if (_instrument.IsObservable)
        {
            _series.Clear();
            _tagged.Clear();
        }
    }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (!_tagged.TryGet(tags, out var series))
        {
            var labels = PrometheusName.Labels(tags);
            if (!_series.TryGetValue(labels, out series))
            {
                series = _series.GetOrAdd(_series.Count < PrometheusExporter.MaxSeries ? labels : "overflow=\"true\"", _ => new Series(_bounds));
            }

            _tagged.Add(tags, series);
        }

        series.Record(value, _adds);
    }

    public void WriteTo(StringBuilder text)
    {
        if (_series.IsEmpty)
        {
            return;
        }

        if (_instrument.Description is { } help)
        {
            text.Append("# HELP ").Append(Name).Append(' ').Append(help.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal)).Append('\n');
        }

        text.Append("# TYPE ").Append(Name).Append(' ').Append(_type).Append('\n');
        foreach (var (labels, series) in _series.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            series.WriteTo(text, Name, labels);
        }
    }

    private static double[] Bounds(Instrument instrument) => instrument switch
    {
        Instrument<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
        Instrument<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(b => (double)b)],
        _ => _defaultBounds,
    };
}
