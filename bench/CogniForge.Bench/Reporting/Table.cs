namespace CogniForge.Bench.Reporting;

/// <summary>A table of figures.</summary>
/// <param name="Columns">The columns' heads; the first is that of the rows' names.</param>
/// <param name="Rows">The rows.</param>
internal sealed record Table(IReadOnlyList<string> Columns, IReadOnlyList<Row> Rows);
