namespace CogniForge.Bench.Reporting;

/// <summary>A row of a table.</summary>
/// <param name="Cells">Its name and its figures.</param>
/// <param name="IsBaseline">Whether it is what other rows are compared with.</param>
/// <param name="HasErrors">Whether requests failed, so that it does not count.</param>
internal sealed record Row(IReadOnlyList<string> Cells, bool IsBaseline = false, bool HasErrors = false);
