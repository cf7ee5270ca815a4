namespace CogniForge.Serving.Metrics.Drift;

/// <summary>A comparison of a window with the reference.</summary>
/// <param name="Id">A UUID version 7.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Version">The version whose predictions were compared; null: all.</param>
/// <param name="EvaluatedAt">When it was computed, UTC; the end of the window.</param>
/// <param name="From">The start of the window.</param>
/// <param name="Rows">The rows that were compared: the newest of the window.</param>
/// <param name="IsDrifted">
/// Whether the share of drifted columns reaches that of the settings; null: no column could be compared.
/// </param>
/// <param name="DriftedShare">
/// The share of the compared columns that drifted, 0 to 1; null: no column could be compared.
/// </param>
/// <param name="Columns">The columns of the reference.</param>
internal sealed record DriftEvaluation(
    Guid Id,
    string Model,
    int? Version,
    DateTimeOffset EvaluatedAt,
    DateTimeOffset From,
    int Rows,
    bool? IsDrifted,
    double? DriftedShare,
    IReadOnlyList<ColumnDrift> Columns
);
