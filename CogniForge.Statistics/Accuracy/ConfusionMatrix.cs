using System.Runtime.InteropServices;

namespace CogniForge.Statistics.Accuracy;

/// <summary>How often each class was predicted for rows of each class.</summary>
/// <remarks>Averages equal scikit-learn's <c>precision_recall_fscore_support(zero_division=0)</c>: a class whose
/// precision or recall is not estimable counts as 0 in them.</remarks>
public sealed class ConfusionMatrix
{
    private readonly long[][] _counts;

    /// <summary>Creates a matrix from counts.</summary>
    /// <param name="labels">The classes.</param>
    /// <param name="counts">A row per actual class with the counts of the predicted classes, each at least 0.</param>
    /// <exception cref="ArgumentException">The matrix is not square or not of the size of the labels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative.</exception>
    public ConfusionMatrix(IReadOnlyList<string> labels, long[][] counts)
    {
        Require.SameLength(counts.Length, labels.Count, nameof(counts));
        foreach (var row in counts)
        {
            Require.SameLength(row.Length, labels.Count, nameof(counts));
            foreach (var count in row)
            {
                ArgumentOutOfRangeException.ThrowIfNegative(count, nameof(counts));
            }
        }

        (Labels, _counts) = (labels, counts);
        Total = counts.Sum(row => row.Sum());
        Classes = [.. labels.Select(CreateClass)];
    }

    /// <summary>The classes.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>A row per actual class with the counts of the predicted classes, in the order of the labels.</summary>
    public IReadOnlyList<IReadOnlyList<long>> Counts => _counts;

    /// <summary>Number of rows.</summary>
    public long Total { get; }

    /// <summary>Metrics of each class, in the order of the labels.</summary>
    public IReadOnlyList<ClassMetrics> Classes { get; }

    /// <summary>Share of rows whose class was predicted; null without rows.</summary>
    public double? Accuracy => Total == 0 ? null : (double)Correct / Total;

    /// <summary>The plain mean over the classes; null without rows.</summary>
    public AverageMetrics? Macro => Average(_ => 1.0 / Labels.Count);

    /// <summary>The mean over the classes, weighted by their rows; null without rows.</summary>
    public AverageMetrics? Weighted => Average(metrics => (double)metrics.Support / Total);

    /// <summary>
    /// From the sums of all classes: each equals the accuracy when a row has one class; null without rows.
    /// </summary>
    public AverageMetrics? Micro => Accuracy is { } accuracy ? new(accuracy, accuracy, accuracy) : null;

    private long Correct => Labels.Select((_, i) => _counts[i][i]).Sum();

    /// <summary>Counts pairs of labels, with the classes in ordinal order.</summary>
    /// <param name="actual">The class of each row.</param>
    /// <param name="predicted">The predicted class of each row.</param>
    /// <returns>The matrix over the classes that occur.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static ConfusionMatrix FromLabels(ReadOnlySpan<string> actual, ReadOnlySpan<string> predicted)
    {
        Require.SameLength(predicted.Length, actual.Length, nameof(predicted));
        var pairs = new Dictionary<(string Actual, string Predicted), long>();
        for (var i = 0; i < actual.Length; i++)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(pairs, (actual[i], predicted[i]), out _)++;
        }

        string[] labels =
        [
            .. pairs
                .Keys.SelectMany(pair => new[] { pair.Actual, pair.Predicted })
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
        var places = labels.Select((label, i) => (label, i)).ToDictionary(pair => pair.label, pair => pair.i);
        var counts = labels.Select(_ => new long[labels.Length]).ToArray();
        foreach (var (pair, count) in pairs)
        {
            counts[places[pair.Actual]][places[pair.Predicted]] = count;
        }

        return new ConfusionMatrix(labels, counts);
    }

    private static double? Ratio(double part, double whole) => whole == 0 ? null : part / whole;

    private ClassMetrics CreateClass(string label, int place)
    {
        var hits = _counts[place][place];
        var support = _counts[place].Sum();
        var predictions = _counts.Sum(row => row[place]);
        return new ClassMetrics(
            label,
            support,
            Ratio(hits, predictions),
            Ratio(hits, support),
            Ratio(2.0 * hits, support + predictions)
        );
    }

    private AverageMetrics? Average(Func<ClassMetrics, double> weight) =>
        Total == 0
            ? null
            : new AverageMetrics(
                Classes.Sum(metrics => weight(metrics) * (metrics.Precision ?? 0)),
                Classes.Sum(metrics => weight(metrics) * (metrics.Recall ?? 0)),
                Classes.Sum(metrics => weight(metrics) * (metrics.F1 ?? 0))
            );
}
