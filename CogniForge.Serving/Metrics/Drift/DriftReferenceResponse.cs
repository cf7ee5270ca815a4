namespace CogniForge.Serving.Metrics.Drift;

/// <summary>What the current predictions of a model are compared with, without its rows.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Rows">The number of rows.</param>
/// <param name="Columns">The columns.</param>
/// <param name="Settings">How drift is detected.</param>
/// <param name="CreatedAt">When it was set.</param>
internal sealed record DriftReferenceResponse(
    string Model,
    int Rows,
    IReadOnlyList<ReferenceColumnResponse> Columns,
    DriftSettings Settings,
    DateTimeOffset CreatedAt
)
{
    public static DriftReferenceResponse From(DriftReference reference) =>
        new(
            reference.Model,
            reference.Rows,
            [.. reference.Columns.Select(ReferenceColumnResponse.From)],
            reference.Settings,
            reference.CreatedAt
        );
}
