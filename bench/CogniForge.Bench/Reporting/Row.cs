namespace CogniForge.Bench.Reporting;

/// <summary>A row of a table.</summary>
/// <param name="Cells">The row's name and figures.</param>
/// <param name="IsBaseline">Whether other rows are compared with it.</param>
/// <param name="HasErrors">Whether requests failed, which invalidates the row.</param>
internal sealed record Row(IReadOnlyList<string> Cells, bool IsBaseline = false, bool HasErrors = false);
