using System.Globalization;

namespace CogniForge.Serving.Metrics.Drift;

/// <summary>A column of the reference: either numbers or categories; null is missing.</summary>
/// <param name="Name">The name.</param>
/// <param name="IsPrediction">Whether it is a prediction.</param>
/// <param name="Numbers">The numbers, if no value is a text.</param>
/// <param name="Categories">The categories otherwise.</param>
internal sealed record ReferenceColumn(
    string Name,
    bool IsPrediction,
    IReadOnlyList<double?>? Numbers,
    IReadOnlyList<string?>? Categories
)
{
    public static ReferenceColumn Create(ColumnName name, object?[] values) =>
        values.Any(v => v is string)
            ? new(name.Name, name.IsPrediction, null, ReadCategories(values))
            : new(name.Name, name.IsPrediction, ReadNumbers(values), null);

    /// <summary>Numbers; a text counts as missing.</summary>
    public static double?[] ReadNumbers(object?[] values) => [.. values.Select(v => v as double?)];

    /// <summary>Categories; a number is one, too.</summary>
    public static string?[] ReadCategories(object?[] values) =>
        [.. values.Select(v => v is double d ? d.ToString("R", CultureInfo.InvariantCulture) : (string?)v)];
}
