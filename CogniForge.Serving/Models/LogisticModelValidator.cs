using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Serving.Models;

/// <summary>Validates the parts of a <see cref="LogisticModel"/>; paths are the parts' names on the wire.</summary>
/// <remarks>At most <see cref="LogisticModel.MaxInputs"/> errors per list, however long the lists sent.</remarks>
internal static class LogisticModelValidator
{
    /// <summary>The rule that a missing required member breaks.</summary>
    public const string Required = "is required";

    public static IEnumerable<FieldError> ValidateInputs(IReadOnlyList<string?>? inputs) =>
        inputs switch
        {
            null => [new("inputs", Required)],
            { Count: 0 or > LogisticModel.MaxInputs } =>
            [
                new("inputs", $"must have 1 to {LogisticModel.MaxInputs} entries, has {inputs.Count}"),
            ],
            _ => ValidateNames("inputs", inputs),
        };

    public static IEnumerable<FieldError> ValidateClasses(IReadOnlyList<string?>? classes) =>
        classes switch
        {
            null => [new("classes", Required)],
            { Count: not 2 } => [new("classes", $"must have 2 entries, has {classes.Count}")],
            _ => ValidateNames("classes", classes),
        };

    public static IEnumerable<FieldError> ValidateIntercept(double? intercept) =>
        intercept switch
        {
            null => [new("intercept", Required)],
            { } number when !double.IsFinite(number) => [new("intercept", "must be finite")],
            _ => [],
        };

    /// <summary>Validates <c>coefficients</c>, one for each of <paramref name="inputs"/> if these were sent.</summary>
    public static IEnumerable<FieldError> ValidateCoefficients(
        IReadOnlyList<double>? coefficients,
        IReadOnlyList<string?>? inputs
    )
    {
        if (coefficients is null)
        {
            yield return new("coefficients", Required);
            yield break;
        }

        if (inputs is not null && coefficients.Count != inputs.Count)
        {
            yield return new(
                "coefficients",
                $"must have as many entries as inputs ({inputs.Count}), has {coefficients.Count}"
            );
        }

        for (var i = 0; i < Math.Min(coefficients.Count, LogisticModel.MaxInputs); i++)
        {
            if (!double.IsFinite(coefficients[i]))
            {
                yield return new($"coefficients[{i}]", "must be finite");
            }
        }
    }

    private static IEnumerable<FieldError> ValidateNames(string path, IReadOnlyList<string?> names)
    {
        var firsts = new Dictionary<string, int>(names.Count, StringComparer.Ordinal);
        for (var i = 0; i < names.Count; i++)
        {
            var name = names[i];
            if (string.IsNullOrWhiteSpace(name))
            {
                yield return new($"{path}[{i}]", "must not be blank");
            }
            else if (name.Contains('\0', StringComparison.Ordinal))
            {
                yield return new($"{path}[{i}]", "must not contain U+0000"); // Postgres text cannot store it
            }
            else if (!firsts.TryAdd(name, i))
            {
                yield return new($"{path}[{i}]", $"must be unique, is the same as {path}[{firsts[name]}]");
            }
        }
    }
}
