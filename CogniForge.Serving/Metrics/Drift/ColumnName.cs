namespace CogniForge.Serving.Metrics.Drift;

/// <summary>What a column is.</summary>
/// <param name="Name">The name of a feature; of a prediction, <c>class</c> or <c>number</c>.</param>
/// <param name="IsPrediction">Whether it is a prediction.</param>
internal readonly record struct ColumnName(string Name, bool IsPrediction);
