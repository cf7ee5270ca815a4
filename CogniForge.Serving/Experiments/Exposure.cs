namespace CogniForge.Serving.Experiments;

/// <summary>A unit got a variant.</summary>
/// <param name="ExperimentId">The experiment.</param>
/// <param name="UnitId">The unit.</param>
/// <param name="Variant">The variant's name.</param>
/// <param name="RequestId">The id of the inference request, to which outcomes may refer; null: it has none.</param>
/// <param name="Covariates">The unit's values before the experiment, by metric; null: none.</param>
/// <param name="OccurredAt">When, UTC.</param>
internal sealed record Exposure(
    Guid ExperimentId,
    string UnitId,
    string Variant,
    string? RequestId,
    IReadOnlyDictionary<string, double>? Covariates,
    DateTimeOffset OccurredAt
);
