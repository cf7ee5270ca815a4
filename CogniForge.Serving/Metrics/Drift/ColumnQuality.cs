namespace CogniForge.Serving.Metrics.Drift;

/// <summary>The quality of a column's values in the window.</summary>
/// <param name="MissingShare">The share of missing values, 0 to 1.</param>
/// <param name="ReferenceMissingShare">That of the reference.</param>
/// <param name="OutOfRangeShare">The share outside the range of the reference's numbers; null: categories.</param>
/// <param name="NewCategoryShare">The share of categories that the reference lacks; null: numbers.</param>
/// <param name="NewCategories">The most frequent of them, at most 20.</param>
internal sealed record ColumnQuality(
    double MissingShare,
    double ReferenceMissingShare,
    double? OutOfRangeShare,
    double? NewCategoryShare,
    IReadOnlyList<string> NewCategories
);
