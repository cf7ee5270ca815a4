namespace CogniForge.Statistics.Text;

/// <summary>Overlap of a prediction with its target.</summary>
/// <param name="Precision">Share of the prediction that is in the target, in [0, 1].</param>
/// <param name="Recall">Share of the target that is in the prediction, in [0, 1].</param>
/// <param name="F1">Their harmonic mean, in [0, 1].</param>
public readonly record struct RougeScore(double Precision, double Recall, double F1)
{
    internal static RougeScore FromCounts(long matches, long predicted, long target)
    {
        var precision = (double)matches / Math.Max(predicted, 1);
        var recall = (double)matches / Math.Max(target, 1);
        return new(precision, recall, matches == 0 ? 0 : 2 * precision * recall / (precision + recall));
    }
}
