using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Serving.Models;

/// <summary>Validates the definition of an ensemble without looking at its members.</summary>
internal static class EnsembleValidator
{
    private const int MaxMembers = 20;
    private const int MaxClasses = 1_000;
    private const int MaxName = 200;
    private const double MaxWeight = 1_000_000;

    public static IEnumerable<FieldError> Validate(EnsembleDefinition definition)
    {
        if (definition.Method is not { } method)
        {
            return [new("method", LogisticModelValidator.Required)];
        }

        return ValidateMembers(definition.Members ?? [], method)
            .Concat(ValidateClasses(definition.Classes, method))
            .Concat(ValidateThreshold(definition.Threshold, method));
    }

    private static IEnumerable<FieldError> ValidateMembers(
        IReadOnlyList<EnsembleMember?> members,
        EnsembleMethod method
    )
    {
        if (members.Count is < 2 or > MaxMembers)
        {
            yield return new("members", $"must have 2 to {MaxMembers} entries, has {members.Count}");
            yield break;
        }

        foreach (var (i, member) in members.Index())
        {
            if (!ModelName.IsValid(member?.Model))
            {
                yield return new($"members[{i}].model", ModelName.Rule);
            }

            if (member?.Version is not >= 1)
            {
                yield return new($"members[{i}].version", "must be 1 or more");
            }

            if (member?.Output?.Length is 0 or > MaxName)
            {
                yield return new($"members[{i}].output", $"must have 1 to {MaxName} characters");
            }

            if (ValidateWeight(member?.Weight, method) is { } rule)
            {
                yield return new($"members[{i}].weight", rule);
            }
        }
    }

    private static string? ValidateWeight(double? weight, EnsembleMethod method) =>
        weight is null
            ? method == EnsembleMethod.Weighted
                ? LogisticModelValidator.Required
                : null
        : method is EnsembleMethod.Average or EnsembleMethod.Cascade ? "must be absent for this method"
        : weight is > 0 and <= MaxWeight ? null
        : $"must be above 0 and up to {MaxWeight}";

    private static IEnumerable<FieldError> ValidateClasses(IReadOnlyList<string?>? classes, EnsembleMethod method) =>
        classes is null ? []
        : method is EnsembleMethod.Average or EnsembleMethod.Weighted
            ? [new("classes", "must be absent for this method")]
        : classes.Count is < 2 or > MaxClasses
            ? [new("classes", $"must have 2 to {MaxClasses} entries, has {classes.Count}")]
        : classes.Any(c => c?.Length is null or 0 or > MaxName) || classes.Distinct().Count() < classes.Count
            ? [new("classes", $"must be unique, each with 1 to {MaxName} characters")]
        : [];

    private static IEnumerable<FieldError> ValidateThreshold(double? threshold, EnsembleMethod method) =>
        method != EnsembleMethod.Cascade
            ? threshold is null ? [] : [new("threshold", "must be absent unless the method is \"cascade\"")]
        : threshold is > 0 and <= 1 ? []
        : [new("threshold", threshold is null ? LogisticModelValidator.Required : "must be above 0 and up to 1")];
}
