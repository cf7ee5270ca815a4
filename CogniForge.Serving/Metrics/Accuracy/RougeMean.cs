using CogniForge.Statistics.Text;

namespace CogniForge.Serving.Metrics.Accuracy;

/// <summary>The mean overlap of texts with their references.</summary>
/// <param name="Precision">The share of the text that is in the reference, 0 to 1.</param>
/// <param name="Recall">The share of the reference that is in the text, 0 to 1.</param>
/// <param name="F1">Their harmonic mean for each text, then the mean of the texts, 0 to 1.</param>
internal sealed record RougeMean(double Precision, double Recall, double F1)
{
    public static RougeMean? From(IReadOnlyList<RougeScore> scores) =>
        scores.Count == 0
            ? null
            : new(scores.Average(s => s.Precision), scores.Average(s => s.Recall), scores.Average(s => s.F1));
}
