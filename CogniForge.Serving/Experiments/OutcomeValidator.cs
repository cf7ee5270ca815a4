using CogniForge.ServiceDefaults.Errors;
using CogniForge.Serving.Models;

namespace CogniForge.Serving.Experiments;

/// <summary>Validates outcomes.</summary>
internal static class OutcomeValidator
{
    /// <summary>The maximum number of outcomes in a request.</summary>
    public const int MaxOutcomes = 1_000;

    public static IEnumerable<FieldError> Validate(RecordOutcomesRequest request, Experiment experiment)
    {
        if (request.Outcomes is not { Count: >= 1 and <= MaxOutcomes } outcomes)
        {
            return [new("outcomes", $"must have 1 to {MaxOutcomes} entries")];
        }

        var metrics = experiment.Settings.GetMetrics().ToDictionary(m => m.Name!);
        return outcomes.Index().SelectMany(o => Validate($"outcomes[{o.Index}]", o.Item ?? new(), metrics));
    }

    private static IEnumerable<FieldError> Validate(
        string path,
        Outcome outcome,
        Dictionary<string, ExperimentMetric> metrics
    )
    {
        if (!ExperimentUnit.IsId(outcome.Id))
        {
            yield return new($"{path}.id", ExperimentUnit.IdRule);
        }

        var metric = metrics.GetValueOrDefault(outcome.Metric ?? "");
        if (metric is null)
        {
            yield return new($"{path}.metric", $"must be one of {string.Join(", ", metrics.Keys)}");
        }

        if (outcome.Value is not { } value)
        {
            yield return new($"{path}.value", LogisticModelValidator.Required);
        }
        else if (metric?.Kind == MetricKind.Binary && value is not (0 or 1))
        {
            yield return new($"{path}.value", "must be 0 or 1");
        }
        else if (!(Math.Abs(value) <= Outcome.MaxValue))
        {
            yield return new($"{path}.value", $"must be -{Outcome.MaxValue} to {Outcome.MaxValue}");
        }

        if (outcome.UnitId is null == outcome.RequestId is null)
        {
            yield return new(path, "must have either unitId or requestId");
        }
        else if (!ExperimentUnit.IsId(outcome.UnitId ?? outcome.RequestId))
        {
            yield return new($"{path}.{(outcome.UnitId is null ? "requestId" : "unitId")}", ExperimentUnit.IdRule);
        }
    }
}
