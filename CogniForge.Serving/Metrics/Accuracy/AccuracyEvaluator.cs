using CogniForge.Serving.Metrics.Predictions;
using CogniForge.Statistics.Accuracy;

namespace CogniForge.Serving.Metrics.Accuracy;

/// <summary>Compares predictions with the truth.</summary>
internal static class AccuracyEvaluator
{
    // The confusion matrix grows with the square of the classes.
    private const int MaxClasses = 200;

    /// <summary>Evaluates predictions.</summary>
    /// <param name="window">The window that was read.</param>
    /// <param name="predictions">The predictions, newest first.</param>
    /// <param name="isTruncated">Whether the window has more.</param>
    /// <param name="positiveClass">The class whose probability is evaluated; null: see the report.</param>
    /// <param name="cancellationToken">Cancels the evaluation of texts.</param>
    public static AccuracyReport Evaluate(
        MetricsWindow window,
        IReadOnlyList<Prediction> predictions,
        bool isTruncated,
        string? positiveClass,
        CancellationToken cancellationToken
    ) =>
        new(
            window.Model,
            window.Version,
            window.From,
            window.To,
            predictions.Count,
            isTruncated,
            EvaluateClasses(ReadClasses(predictions), positiveClass),
            RegressionAccuracy.From([
                .. predictions
                    .Where(p => p is { Output.Number: not null, Actual.Number: not null })
                    .Select(p => (p.Actual!.Number!.Value, p.Output.Number!.Value)),
            ]),
            TextEvaluator.Evaluate(predictions, cancellationToken)
        );

    private static List<ClassifiedRow> ReadClasses(IReadOnlyList<Prediction> predictions) =>
        [
            .. from p in predictions
            let predicted = p.Output.Class ?? FindLikeliest(p.Output.Scores)
            where predicted is not null && p.Actual?.Class is not null
            select new ClassifiedRow(p.Actual!.Class!, predicted, p.Output.Scores),
        ];

    // A single score does not name the other class.
    private static string? FindLikeliest(IReadOnlyDictionary<string, double>? scores) =>
        scores?.Count > 1 ? scores.MaxBy(s => s.Value).Key : null;

    private static ClassificationAccuracy? EvaluateClasses(List<ClassifiedRow> rows, string? positiveClass)
    {
        if (rows.Count == 0)
        {
            return null;
        }

        var labels = rows.SelectMany(r => new[] { r.Actual, r.Predicted }).Distinct().Take(MaxClasses + 1).Count();
        var matrix = labels > MaxClasses
            ? null
            : ConfusionMatrix.FromLabels([.. rows.Select(r => r.Actual)], [.. rows.Select(r => r.Predicted)]);
        var scored = ProbabilityEvaluator.Evaluate(rows, positiveClass);
        return new(
            rows.Count,
            (double)rows.Count(r => r.Actual == r.Predicted) / rows.Count,
            matrix?.Macro,
            matrix?.Micro,
            matrix?.Weighted,
            matrix?.Classes,
            matrix is null ? null : new(matrix.Labels, matrix.Counts),
            scored.Scored,
            scored.PositiveClass,
            scored.RocAuc,
            scored.PrAuc,
            scored.LogLoss,
            scored.BrierScore,
            scored.Calibration
        );
    }
}
