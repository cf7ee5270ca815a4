using CogniForge.ServiceDefaults.Errors;
using CogniForge.Serving.Models;

namespace CogniForge.Serving.Experiments;

/// <summary>Validates the settings of an experiment.</summary>
internal static class ExperimentValidator
{
    private const int MaxVariants = 20;
    private const int MaxConditions = 20;
    private const int MaxValues = 100;
    private const int MaxGuardRails = 20;
    private const int MaxUnits = 1_000_000_000;
    private const double MinShare = 1e-6;
    private const double MaxShare = 1e6;
    private const double MinAlpha = 1e-6;
    private const double MaxAlpha = 0.5;

    /// <summary>The rule for significance levels, phrased to follow their path.</summary>
    public static readonly string AlphaRule = $"must be {MinAlpha} to {MaxAlpha}";

    /// <summary>Whether a number can be a significance level.</summary>
    public static bool IsAlpha(double alpha) => alpha is >= MinAlpha and <= MaxAlpha;

    public static IEnumerable<FieldError> Validate(ExperimentSettings settings) =>
        LabelsValidator
            .ValidateText("description", settings.Description, LabelsValidator.MaxDescription)
            .Concat(LabelsValidator.ValidateText("salt", settings.Salt, ExperimentName.MaxLength))
            .Concat(ValidateNumbers(settings))
            .Concat(ValidateVariants(settings.Variants))
            .Concat(ValidateTargeting(settings.Targeting))
            .Concat(ValidateMetrics(settings));

    private static IEnumerable<FieldError> ValidateNumbers(ExperimentSettings settings)
    {
        if (!(settings.Coverage is > 0 and <= 1))
        {
            yield return new("coverage", "must be above 0 and at most 1");
        }

        if (!IsAlpha(settings.Alpha))
        {
            yield return new("alpha", AlphaRule);
        }

        if (settings.MinUnits is < 2 or > MaxUnits)
        {
            yield return new("minUnits", $"must be 2 to {MaxUnits}");
        }
    }

    private static IEnumerable<FieldError> ValidateVariants(IReadOnlyList<ExperimentVariant?> variants)
    {
        if (variants.Count is < 2 or > MaxVariants)
        {
            yield return new("variants", $"must have 2 to {MaxVariants} entries, has {variants.Count}");
            yield break;
        }

        foreach (var (i, variant) in variants.Index())
        {
            if (!ExperimentName.IsValid(variant?.Name))
            {
                yield return new($"variants[{i}].name", ExperimentName.Rule);
            }

            if (variant?.Version is not >= 1)
            {
                yield return new($"variants[{i}].version", "must be 1 or more");
            }

            if (variant?.Share is not (0 or (>= MinShare and <= MaxShare)))
            {
                yield return new($"variants[{i}].share", $"must be 0, or {MinShare} to {MaxShare}");
            }
        }

        if (variants.DistinctBy(v => v?.Name).Count() < variants.Count)
        {
            yield return new("variants", "must have unique names");
        }

        if (!(variants.Sum(v => v?.Share) > 0))
        {
            yield return new("variants", "must have a positive sum of shares");
        }
    }

    private static IEnumerable<FieldError> ValidateTargeting(IReadOnlyList<TargetingCondition?> conditions)
    {
        if (conditions.Count > MaxConditions)
        {
            yield return new("targeting", $"must have at most {MaxConditions} entries, has {conditions.Count}");
            yield break;
        }

        foreach (var (i, condition) in conditions.Index())
        {
            var path = $"targeting[{i}]";
            if (
                condition?.Attribute is not { Length: >= 1 and <= ExperimentUnit.MaxAttributeLength } attribute
                || attribute.Contains('\0', StringComparison.Ordinal)
            )
            {
                yield return new(
                    $"{path}.attribute",
                    $"must have 1 to {ExperimentUnit.MaxAttributeLength} characters without U+0000"
                );
            }

            if (condition?.Operator is null)
            {
                yield return new($"{path}.operator", LogisticModelValidator.Required);
            }

            var isNumeric = condition?.Operator is ConditionOperator.AtLeast or ConditionOperator.AtMost;
            if (
                condition?.Values is not { Count: >= 1 and <= MaxValues } values
                || values.Any(v =>
                    v is not { Length: <= ExperimentUnit.MaxAttributeLength }
                    || v.Contains('\0', StringComparison.Ordinal)
                )
                || (isNumeric && (values.Count != 1 || TargetingCondition.Parse(values[0]) is null))
            )
            {
                yield return new(
                    $"{path}.values",
                    isNumeric
                        ? "must have one entry, a number as text"
                        : $"must have 1 to {MaxValues} texts of at most {ExperimentUnit.MaxAttributeLength} characters"
                );
            }
        }
    }

    private static IEnumerable<FieldError> ValidateMetrics(ExperimentSettings settings)
    {
        if (settings.GuardRails.Count > MaxGuardRails)
        {
            yield return new("guardRails", $"must have at most {MaxGuardRails} entries");
            yield break;
        }

        foreach (var (i, metric) in settings.GetMetrics().Index())
        {
            var path = i == 0 ? "primaryMetric" : $"guardRails[{i - 1}]";
            if (!ExperimentName.IsValid(metric?.Name))
            {
                yield return new($"{path}.name", ExperimentName.Rule);
            }

            if (metric?.Kind is null)
            {
                yield return new($"{path}.kind", LogisticModelValidator.Required);
            }

            if (metric is { Kind: MetricKind.Binary, Aggregation: not MetricAggregation.Sum })
            {
                yield return new($"{path}.aggregation", "must be absent for a binary metric");
            }

            if (metric?.Covariate is { } covariate && !ExperimentName.IsValid(covariate))
            {
                yield return new($"{path}.covariate", ExperimentName.Rule);
            }

            if (metric is not null && !(metric.Tolerance is >= 0 and < double.PositiveInfinity))
            {
                yield return new($"{path}.tolerance", "must be 0 or more");
            }
        }

        if (settings.GetMetrics().DistinctBy(m => m?.Name).Count() < settings.GuardRails.Count + 1)
        {
            yield return new("guardRails", "must have names that differ from each other and from the primary metric");
        }
    }
}
