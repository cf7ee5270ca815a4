namespace CogniForge.Bench.Reporting;

/// <summary>A table of figures.</summary>
/// <param name="Columns">The column headings; the first is for the rows' names.</param>
/// <param name="Rows">The rows.</param>
internal sealed record Table(IReadOnlyList<string> Columns, IReadOnlyList<Row> Rows);
