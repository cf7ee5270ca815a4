namespace CogniForge.Serving.Metrics.Drift;

/// <summary>A column of the reference.</summary>
/// <param name="Name">The name.</param>
/// <param name="IsPrediction">Whether it is a prediction.</param>
/// <param name="Missing">The number of missing values.</param>
/// <param name="Min">The smallest number; null: it has categories, or no value.</param>
/// <param name="Max">The largest number.</param>
/// <param name="Categories">The number of categories; null: it has numbers.</param>
internal sealed record ReferenceColumnResponse(
    string Name,
    bool IsPrediction,
    int Missing,
    double? Min,
    double? Max,
    int? Categories
)
{
    public static ReferenceColumnResponse From(ReferenceColumn column) =>
        new(
            column.Name,
            column.IsPrediction,
            column.Numbers?.Count(n => n is null) ?? column.Categories!.Count(c => c is null),
            column.Numbers?.Min(),
            column.Numbers?.Max(),
            column.Categories?.OfType<string>().Distinct().Count()
        );
}
