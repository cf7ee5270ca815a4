using System.Diagnostics;
using CogniForge.Messaging;
using CogniForge.ServiceDefaults;

namespace CogniForge.Serving.Metrics.Drift;

/// <summary>A model began to drift: the body of the event <see cref="EventType"/>.</summary>
/// <param name="Id">The id of the evaluation.</param>
/// <param name="OccurredAt">When it was computed, UTC.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Version">The version whose predictions were compared; null: all.</param>
/// <param name="DriftedShare">The share of the columns that drifted.</param>
/// <param name="Columns">The names of the drifted columns, at most 20.</param>
internal sealed record DriftDetected(
    Guid Id,
    DateTimeOffset OccurredAt,
    string Model,
    int? Version,
    double DriftedShare,
    IReadOnlyList<string> Columns
)
{
    public const string EventType = "serving.drift.detected.v1";

    private const int MaxColumns = 20;

    public static CloudEvent CreateEvent(DriftEvaluation evaluation, ServiceDescription service) =>
        CloudEvent.Create(
            EventType,
            service.EventSource,
            evaluation.EvaluatedAt,
            new DriftDetected(
                evaluation.Id,
                evaluation.EvaluatedAt,
                evaluation.Model,
                evaluation.Version,
                evaluation.DriftedShare ?? 0,
                [.. evaluation.Columns.Where(c => c.IsDrifted).Take(MaxColumns).Select(c => c.Name)]
            ),
            Activity.Current?.Id
        );
}
