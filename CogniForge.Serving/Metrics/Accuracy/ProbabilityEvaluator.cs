using CogniForge.Statistics.Accuracy;

namespace CogniForge.Serving.Metrics.Accuracy;

/// <summary>Evaluates the probabilities of classes.</summary>
internal static class ProbabilityEvaluator
{
    private const int MaxClasses = 200;

    /// <summary>Evaluates one class, or all if there are three or more and none is given.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="positiveClass">The class; null: of two classes the last in ordinal order.</param>
    public static ProbabilityAccuracy Evaluate(IReadOnlyList<ClassifiedRow> rows, string? positiveClass)
    {
        var classes = rows.SelectMany(r =>
                new[] { r.Actual, r.Predicted }.Concat(r.Scores is null ? [] : r.Scores.Keys)
            )
            .Distinct()
            .Order(StringComparer.Ordinal)
            .Take(MaxClasses + 1)
            .ToList();
        return positiveClass is not null || classes.Count <= 2
            ? EvaluateOne(rows, classes, positiveClass ?? classes[^1])
            : EvaluateAll(rows, classes);
    }

    private static ProbabilityAccuracy EvaluateOne(
        IReadOnlyList<ClassifiedRow> rows,
        List<string> classes,
        string positiveClass
    )
    {
        var other = classes.Count == 2 ? classes.Find(c => c != positiveClass) : null;
        var scored = rows.Select(r => (IsPositive: r.Actual == positiveClass, Score: r.GetScore(positiveClass, other)))
            .Where(r => r.Score is not null)
            .ToList();
        bool[] isPositive = [.. scored.Select(r => r.IsPositive)];
        double[] scores = [.. scored.Select(r => r.Score!.Value)];
        return new(
            scored.Count,
            positiveClass,
            RankingMetrics.RocAuc(isPositive, scores),
            RankingMetrics.AveragePrecision(isPositive, scores),
            ProbabilityMetrics.LogLoss(isPositive, scores),
            ProbabilityMetrics.BrierScore(isPositive, scores),
            Calibration.FromPredictions(isPositive, scores)
        );
    }

    private static ProbabilityAccuracy EvaluateAll(IReadOnlyList<ClassifiedRow> rows, List<string> classes)
    {
        var scored = classes.Count > MaxClasses
            ? []
            : rows.Where(r => r.Scores is { } scores && classes.TrueForAll(scores.ContainsKey)).ToList();
        if (scored.Count == 0)
        {
            return new(0, null, null, null, null, null, null);
        }

        var ranks = classes
            .Select(c =>
            {
                bool[] isPositive = [.. scored.Select(r => r.Actual == c)];
                double[] scores = [.. scored.Select(r => r.Scores![c])];
                return (
                    Roc: RankingMetrics.RocAuc(isPositive, scores),
                    Pr: RankingMetrics.AveragePrecision(isPositive, scores)
                );
            })
            .ToList();
        var places = classes.Select((name, i) => (name, i)).ToDictionary(c => c.name, c => c.i);
        return new(
            scored.Count,
            null,
            MeanOrNull(ranks.Select(r => r.Roc)),
            MeanOrNull(ranks.Select(r => r.Pr)),
            ProbabilityMetrics.LogLoss(
                [.. scored.Select(r => places[r.Actual])],
                [.. scored.SelectMany(r => classes.Select(c => r.Scores![c]))],
                classes.Count
            ),
            null,
            null
        );
    }

    private static double? MeanOrNull(IEnumerable<double?> values)
    {
        var all = values.ToList();
        return all.Contains(null) ? null : all.Average();
    }
}
