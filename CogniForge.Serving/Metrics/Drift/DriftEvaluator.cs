using CogniForge.ServiceDefaults;
using CogniForge.Serving.Metrics.Predictions;
using CogniForge.Statistics.Drift;

namespace CogniForge.Serving.Metrics.Drift;

/// <summary>Compares predictions with a reference.</summary>
internal static class DriftEvaluator
{
    private const int MaxNewCategories = 20;

    /// <summary>Evaluates the predictions of a window that ends now.</summary>
    public static DriftEvaluation Evaluate(
        DriftReference reference,
        MetricsWindow window,
        IReadOnlyList<Prediction> predictions,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var current = ColumnReader.Read(predictions).Columns;
        var missing = new object?[predictions.Count];
        var columns = new List<ColumnDrift>();
        foreach (var column in reference.Columns)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var values = current.GetValueOrDefault(new(column.Name, column.IsPrediction), missing);
            columns.Add(
                column.Numbers is { } numbers
                    ? CompareNumbers(column, numbers, ReferenceColumn.ReadNumbers(values), reference.Settings)
                    : CompareCategories(column, ReferenceColumn.ReadCategories(values), reference.Settings)
            );
        }

        var compared = columns.Count(c => c.Test is not null);
        double? share = compared == 0 ? null : (double)columns.Count(c => c.IsDrifted) / compared;
        return new(
            OrderedId.Create(now),
            reference.Model,
            window.Version,
            now,
            window.From,
            predictions.Count,
            share is { } known ? known >= reference.Settings.DriftedShare : null,
            share,
            columns
        );
    }

    private static ColumnDrift CompareNumbers(
        ReferenceColumn column,
        IReadOnlyList<double?> reference,
        double?[] current,
        DriftSettings settings
    )
    {
        var result = DriftDetector.CompareNumbers(
            [.. reference.OfType<double>()],
            [.. current.OfType<double>()],
            settings.GetOptions(settings.NumericTest)
        );
        var (min, max) = (reference.Min(), reference.Max());
        return Create(
            column,
            result,
            new(
                GetShare(current, n => n is null),
                GetShare(reference, n => n is null),
                GetShare(current, n => n < min || n > max),
                null,
                []
            )
        );
    }

    private static ColumnDrift CompareCategories(ReferenceColumn column, string?[] current, DriftSettings settings)
    {
        var reference = column.Categories!;
        var known = reference.OfType<string>().ToHashSet();
        var added = current.OfType<string>().Where(c => !known.Contains(c)).CountBy(c => c).ToList();
        return Create(
            column,
            DriftDetector.CompareCategories<string>(
                [.. reference],
                current,
                settings.GetOptions(settings.CategoricalTest)
            ),
            new(
                GetShare(current, c => c is null),
                GetShare(reference, c => c is null),
                null,
                GetShare(current, c => c is not null && !known.Contains(c)),
                [
                    .. added
                        .OrderByDescending(c => c.Value)
                        .ThenBy(c => c.Key, StringComparer.Ordinal)
                        .Take(MaxNewCategories)
                        .Select(c => c.Key),
                ]
            )
        );
    }

    private static ColumnDrift Create(ReferenceColumn column, DriftResult? result, ColumnQuality quality) =>
        new(
            column.Name,
            column.IsPrediction,
            result?.Test,
            result is { Score: var score } && double.IsFinite(score) ? score : null,
            result?.IsPValue ?? false,
            result?.Threshold,
            result?.IsDrifted ?? false,
            quality
        );

    private static double GetShare<T>(IReadOnlyCollection<T> values, Func<T, bool> isCounted) =>
        values.Count == 0 ? 0 : (double)values.Count(isCounted) / values.Count;
}
