namespace CogniForge.Serving.Metrics.Drift;

/// <summary>What the current predictions of a model are compared with.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Settings">How drift is detected.</param>
/// <param name="Columns">The columns.</param>
/// <param name="Rows">The number of rows.</param>
/// <param name="CreatedAt">When it was set, UTC.</param>
internal sealed record DriftReference(
    string Model,
    DriftSettings Settings,
    IReadOnlyList<ReferenceColumn> Columns,
    int Rows,
    DateTimeOffset CreatedAt
);
