namespace CogniForge.Serving.Runners.XGBoost;

/// <summary>A gradient-boosted tree model of XGBoost. Immutable, so thread-safe.</summary>
/// <param name="trees">The trees.</param>
/// <param name="objective">The objective, such as <c>binary:logistic</c>; see <see cref="Objective"/>.</param>
/// <param name="baseMargins">The margin of each output before the first tree.</param>
/// <param name="featureNames">The unique names of the features; empty: they have none.</param>
internal sealed class XGBoostModel(
    TreeEnsemble trees,
    string objective,
    float[] baseMargins,
    IReadOnlyList<string> featureNames
)
{
    /// <summary>The number of features of a row.</summary>
    public int Features => trees.Features;

    /// <summary>The numbers that <c>Booster.predict</c> returns per row: 1, or one for each class.</summary>
    public int Width => Objective.IsClass(objective) ? 1 : trees.Groups;

    /// <summary>The unique names of the features; empty: they have none.</summary>
    public IReadOnlyList<string> FeatureNames => featureNames;

    /// <summary>The memory in bytes.</summary>
    public long SizeBytes { get; } = trees.SizeBytes + featureNames.Sum(name => (long)name.Length * sizeof(char));

    /// <summary>Predicts as <c>Booster.predict</c> does.</summary>
    /// <param name="rows">Whole rows; NaN is a missing value.</param>
    /// <param name="scratch">Room for a margin of each output and row; its beginning holds the predictions.</param>
    public void Predict(ReadOnlySpan<float> rows, Span<float> scratch)
    {
        if (baseMargins.Length == 1)
        {
            scratch.Fill(baseMargins[0]);
        }
        else
        {
            for (var i = 0; i < scratch.Length; i++)
            {
                scratch[i] = baseMargins[i % baseMargins.Length];
            }
        }

        trees.AddLeaves(rows, scratch);
        Objective.Transform(objective, scratch, trees.Groups);
    }

    /// <summary>The length of the scratch of <see cref="Predict"/>.</summary>
    public int GetScratchLength(int rows) => checked(rows * trees.Groups);
}
