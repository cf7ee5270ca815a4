using System.Text;

namespace CogniForge.ServiceDefaults.Prometheus;

/// <summary>The values of one set of labels. Thread-safe.</summary>
/// <param name="bounds">The upper bounds of a histogram's buckets; null: a single number.</param>
internal sealed class Series(double[]? bounds)
{
    private readonly Lock _lock = new();
    private readonly long[] _buckets = new long[(bounds?.Length ?? 0) + 1];
    private double _value;

    public void Record(double value, bool add)
    {
        lock (_lock)
        {
            _value = add ? _value + value : value;
            if (bounds is not null)
            {
                var bucket = Array.BinarySearch(bounds, value);
                _buckets[bucket < 0 ? ~bucket : bucket]++;
            }
        }
    }

    public void WriteTo(StringBuilder text, string name, string labels)
    {
        lock (_lock)
        {
            if (bounds is null)
            {
                Line(text, name, labels, PrometheusExporter.Format(_value));
                return;
            }

            var total = 0L;
            for (var i = 0; i < _buckets.Length; i++)
            {
                total += _buckets[i];
                var bound = PrometheusExporter.Format(i < bounds.Length ? bounds[i] : double.PositiveInfinity);
                Line(text, name + "_bucket", $"{labels}{(labels.Length > 0 ? "," : "")}le=\"{bound}\"", PrometheusExporter.Format(total));
            }

            Line(text, name + "_sum", labels, PrometheusExporter.Format(_value));
            Line(text, name + "_count", labels, PrometheusExporter.Format(total));
        }
    }

    private static void Line(StringBuilder text, string name, string labels, string value)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').Append(value).Append('\n');
    }
}
