using System.Text.Json.Serialization;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Configuration;

/// <summary>Higher rates for requests with a long input; they apply to the whole request.</summary>
/// <param name="AboveInputTokens">The rates apply above this number of input tokens, 1 or more.</param>
/// <param name="InputFactor">Multiplies all input rates: above 0, up to 100, with up to 4 decimals, e.g. 2.</param>
/// <param name="OutputFactor">Multiplies all output rates: above 0, up to 100, with up to 4 decimals, e.g. 1.5.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record LongContextConfig(int? AboveInputTokens, decimal? InputFactor, decimal? OutputFactor)
{
    /// <summary>The message for an invalid factor.</summary>
    public const string FactorRule = "must be above 0, up to 100, with at most 4 decimals";

    public static bool IsFactor(decimal? factor) =>
        factor is > 0 and <= 100 && decimal.Round(factor.Value, 4) == factor;

    public IEnumerable<FieldError> Validate()
    {
        if (AboveInputTokens is not >= 1)
        {
            yield return new("longContext.aboveInputTokens", "must be 1 or more");
        }

        foreach (var (factor, name) in new[] { (InputFactor, "inputFactor"), (OutputFactor, "outputFactor") })
        {
            if (!IsFactor(factor))
            {
                yield return new($"longContext.{name}", FactorRule);
            }
        }
    }
}
