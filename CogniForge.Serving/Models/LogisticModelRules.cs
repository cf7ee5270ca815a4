namespace CogniForge.Serving.Models;

/// <summary>The rules for the parts of a <see cref="LogisticModel"/>, by the names that the parts have on the wire.</summary>
/// <remarks>What is reported is bounded by <see cref="LogisticModel.MaxInputs"/>, however long the lists are that were sent.</remarks>
internal static class LogisticModelRules
{
    /// <summary>The broken rules of <c>inputs</c>.</summary>
    public static IEnumerable<BrokenRule> OfInputs(IReadOnlyList<string?>? inputs) =>
        inputs switch
        {
            null => [new("inputs", BrokenRule.Required)],
            { Count: 0 or > LogisticModel.MaxInputs } =>
            [
                new("inputs", $"must have 1 to {LogisticModel.MaxInputs} entries, has {inputs.Count}"),
            ],
            _ => OfNames("inputs", inputs),
        };

    /// <summary>The broken rules of <c>classes</c>.</summary>
    public static IEnumerable<BrokenRule> OfClasses(IReadOnlyList<string?>? classes) =>
        classes switch
        {
            null => [new("classes", BrokenRule.Required)],
            { Count: not 2 } => [new("classes", $"must have 2 entries, has {classes.Count}")],
            _ => OfNames("classes", classes),
        };

    /// <summary>The broken rules of <c>intercept</c>.</summary>
    public static IEnumerable<BrokenRule> OfIntercept(double? intercept) =>
        intercept switch
        {
            null => [new("intercept", BrokenRule.Required)],
            { } number when !double.IsFinite(number) => [new("intercept", "must be finite")],
            _ => [],
        };

    /// <summary>The broken rules of <c>coefficients</c>, whose number is that of <paramref name="inputs"/> when these are given.</summary>
    public static IEnumerable<BrokenRule> OfCoefficients(
        IReadOnlyList<double>? coefficients,
        IReadOnlyList<string?>? inputs
    )
    {
        if (coefficients is null)
        {
            yield return new("coefficients", BrokenRule.Required);
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

    private static IEnumerable<BrokenRule> OfNames(string path, IReadOnlyList<string?> names)
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
                yield return new($"{path}[{i}]", "must not contain U+0000"); // Postgres has no place for it
            }
            else if (!firsts.TryAdd(name, i))
            {
                yield return new($"{path}[{i}]", $"must be unique, is the same as {path}[{firsts[name]}]");
            }
        }
    }
}
