using System.Globalization;
using System.Text.Json.Serialization;

namespace CogniForge.Serving.Experiments;

/// <summary>A condition on an attribute of the unit.</summary>
/// <param name="Attribute">The attribute's name.</param>
/// <param name="Operator">How it is compared.</param>
/// <param name="Values">What it is compared with: 1 to 100 texts, exactly one number for atLeast and atMost.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record TargetingCondition(
    string? Attribute = null,
    ConditionOperator? Operator = null,
    IReadOnlyList<string?>? Values = null
)
{
    /// <summary>Whether a unit fulfils the condition, which must be valid.</summary>
    public bool IsMet(ExperimentUnit unit)
    {
        var value = unit.Attributes.GetValueOrDefault(Attribute!);
        return Operator switch
        {
            ConditionOperator.In => value is not null && Values!.Contains(value),
            ConditionOperator.NotIn => value is null || !Values!.Contains(value),
            ConditionOperator.AtLeast => Parse(value) >= Parse(Values![0]),
            _ => Parse(value) <= Parse(Values![0]),
        };
    }

    /// <summary>Parses a number; null if it is none.</summary>
    public static double? Parse(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number)
            ? number
            : null;
}
