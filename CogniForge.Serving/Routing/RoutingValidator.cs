using System.Numerics;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.Serving.Models;

namespace CogniForge.Serving.Routing;

/// <summary>Validates a policy without looking at the registry.</summary>
internal static class RoutingValidator
{
    private const double MaxWeight = 1_000_000;
    private const int MaxCount = 1_000_000;
    private const int MaxSteps = 20;

    public static IEnumerable<FieldError> Validate(RoutingPolicy policy)
    {
        if (policy.Strategy is null)
        {
            yield return new("strategy", LogisticModelValidator.Required);
        }

        foreach (
            var error in ValidateTargets(policy)
                .Concat(policy.Fallback is { } f ? ValidateReference("fallback", f.Version, f.Alias) : [])
                .Concat(InRange("maxOutstanding", policy.MaxOutstanding, 1, MaxCount))
                .Concat(InRange("ejection.consecutiveFailures", policy.Ejection?.ConsecutiveFailures, 1, 1_000))
                .Concat(InRange("ejection.seconds", policy.Ejection?.Seconds, 1, 3_600))
                .Concat(ValidateCanary(policy))
        )
        {
            yield return error;
        }
    }

    private static IEnumerable<FieldError> ValidateTargets(RoutingPolicy policy)
    {
        var targets = policy.Targets ?? [];
        if (targets.Count is 0 or > RoutingPolicy.MaxTargets)
        {
            yield return new("targets", $"must have 1 to {RoutingPolicy.MaxTargets} entries, has {targets.Count}");
            yield break;
        }

        if (policy.Strategy == RoutingStrategy.Canary && targets.Count != 2)
        {
            yield return new(
                "targets",
                $"must have 2 entries for \"canary\", the stable version and the canary, has {targets.Count}"
            );
        }

        var seen = new HashSet<(int?, string?)>();
        foreach (var (i, target) in targets.Index())
        {
            if (target is null)
            {
                yield return new($"targets[{i}]", "must be an object");
                continue;
            }

            foreach (var error in ValidateReference($"targets[{i}]", target.Version, target.Alias))
            {
                yield return error;
            }

            foreach (var error in ValidateWeight($"targets[{i}].weight", target.Weight, policy.Strategy))
            {
                yield return error;
            }

            if (!seen.Add((target.Version, target.Alias)))
            {
                yield return new($"targets[{i}]", "must be unique");
            }
        }

        if (policy.Strategy == RoutingStrategy.Weighted && targets.All(t => t?.Weight is null or 0))
        {
            yield return new("targets", "must have a weight above 0");
        }
    }

    private static IEnumerable<FieldError> ValidateReference(string path, int? version, string? alias)
    {
        if (version is null == alias is null)
        {
            yield return new(path, "must have either version or alias");
        }

        foreach (var error in InRange($"{path}.version", version, 1, int.MaxValue))
        {
            yield return error;
        }

        if (alias is not null && !AliasName.IsValid(alias))
        {
            yield return new($"{path}.alias", AliasName.Rule);
        }
    }

    private static IEnumerable<FieldError> ValidateWeight(string path, double? weight, RoutingStrategy? strategy) =>
        strategy == RoutingStrategy.Weighted
            ? weight is null
                ? [new(path, LogisticModelValidator.Required)]
                : InRange(path, weight, 0, MaxWeight)
            : weight is null ? []
            : [new(path, "must be absent unless the strategy is \"weighted\"")];

    private static IEnumerable<FieldError> ValidateCanary(RoutingPolicy policy)
    {
        if (policy.Strategy != RoutingStrategy.Canary)
        {
            return policy.Canary is null ? [] : [new("canary", "must be absent unless the strategy is \"canary\"")];
        }

        if (policy.Canary is not { } plan)
        {
            return [new("canary", LogisticModelValidator.Required)];
        }

        return ValidateSteps(plan.Steps)
            .Concat(InRange("canary.stepSeconds", plan.StepSeconds, 1, 604_800))
            .Concat(InRange("canary.minRequests", plan.MinRequests, 1, MaxCount))
            .Concat(InRange("canary.maxErrorRateIncrease", plan.MaxErrorRateIncrease, 0, 1))
            .Concat(InRange("canary.maxLatencyRatio", plan.MaxLatencyRatio, 1, 1_000));
    }

    private static IEnumerable<FieldError> ValidateSteps(IReadOnlyList<double>? steps) =>
        steps is null ? [new("canary.steps", LogisticModelValidator.Required)]
        : steps.Count is 0 or > MaxSteps
            ? [new("canary.steps", $"must have 1 to {MaxSteps} entries, has {steps.Count}")]
        : steps.Index().All(s => s.Item is > 0 and < 100 && (s.Index == 0 || s.Item > steps[s.Index - 1])) ? []
        : [new("canary.steps", "must rise, each above 0 and below 100")];

    private static IEnumerable<FieldError> InRange<T>(string path, T? value, T min, T max)
        where T : struct, INumber<T> =>
        value is null || (value >= min && value <= max) ? [] : [new(path, $"must be {min} to {max}")];
}
