using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace CogniForge.ServiceDefaults.Prometheus;

/// <summary>Remembers which series measurements with certain tags belong to, so that labels are not written for each of them. Thread-safe, bounded.</summary>
internal sealed class TaggedSeries
{
    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], Series> _series = new(new Comparer());

    /// <summary>The series of tags that were given before in the same order.</summary>
    public bool TryGet(ReadOnlySpan<KeyValuePair<string, object?>> tags, [MaybeNullWhen(false)] out Series series) =>
        _series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>().TryGetValue(tags, out series);

    /// <summary>Remembers a series, unless there are many.</summary>
    public void Add(ReadOnlySpan<KeyValuePair<string, object?>> tags, Series series)
    {
        if (_series.Count < PrometheusExporter.MaxSeries)
        {
            _series[tags.ToArray()] = series;
        }
    }

    /// <summary>Forgets all.</summary>
    public void Clear() => _series.Clear();

    private sealed class Comparer
        : IEqualityComparer<KeyValuePair<string, object?>[]>, IAlternateEqualityComparer<ReadOnlySpan<KeyValuePair<string, object?>>, KeyValuePair<string, object?>[]>
    {
        public bool Equals(KeyValuePair<string, object?>[]? x, KeyValuePair<string, object?>[]? y) => Equals(x.AsSpan(), y!);

        public int GetHashCode(KeyValuePair<string, object?>[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<KeyValuePair<string, object?>> alternate, KeyValuePair<string, object?>[] other)
        {
            if (alternate.Length != other.Length)
            {
                return false;
            }

            for (var i = 0; i < other.Length; i++)
            {
                if (alternate[i].Key != other[i].Key || !Equals(alternate[i].Value, other[i].Value))
                {
                    return false;
                }
            }

            return true;
        }

        public int GetHashCode(ReadOnlySpan<KeyValuePair<string, object?>> alternate)
        {
            var hash = new HashCode();
            foreach (var (_, value) in alternate)
            {
                hash.Add(value); // the keys are the same nearly always
            }

            return hash.ToHashCode();
        }

        public KeyValuePair<string, object?>[] Create(ReadOnlySpan<KeyValuePair<string, object?>> alternate) => alternate.ToArray();
    }
}
