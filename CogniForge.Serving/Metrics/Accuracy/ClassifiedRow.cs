namespace CogniForge.Serving.Metrics.Accuracy;

/// <summary>A row whose class was predicted and is known.</summary>
/// <param name="Actual">The true class.</param>
/// <param name="Predicted">The predicted class.</param>
/// <param name="Scores">The probability of each class, if known.</param>
internal readonly record struct ClassifiedRow(
    string Actual,
    string Predicted,
    IReadOnlyDictionary<string, double>? Scores
)
{
    /// <summary>The probability of a class; of two, the complement of the other one if only that is known.</summary>
    public double? GetScore(string name, string? other) =>
        Scores is null ? null
        : Scores.TryGetValue(name, out var score) ? score
        : other is not null && Scores.TryGetValue(other, out var rest) ? 1 - rest
        : null;
}
