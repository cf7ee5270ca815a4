using System.Globalization;
using CogniForge.Llm.Pricing;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Configuration;

/// <summary>Identifies a price.</summary>
/// <param name="EffectiveFrom">The day on which the price takes effect, UTC.</param>
/// <param name="Provider">The provider's name; null: the price applies to every provider.</param>
/// <param name="Model">The provider's name of the model; a <c>*</c> at the end is a wildcard.</param>
internal sealed record PriceKey(DateOnly EffectiveFrom, string? Provider, string Model)
{
    private const string Day = "yyyy-MM-dd";

    public static PriceKey For(Price price) =>
        new(DateOnly.FromDateTime(price.EffectiveFrom.UtcDateTime), price.Provider, price.Model);

    /// <summary>Parses the text of <see cref="ToString"/>; null: the text is not a key.</summary>
    public static PriceKey? Parse(string text) =>
        text.Split('/', 3) is [var day, var provider, var model] && TryParseDay(day, out var from)
            ? new(from, provider.Length > 0 ? provider : null, model)
            : null;

    /// <summary>Parses a day in ISO 8601, yyyy-MM-dd, and in no other format.</summary>
    public static bool TryParseDay(string? text, out DateOnly day) =>
        DateOnly.TryParseExact(text, Day, CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    public IEnumerable<FieldError> Validate()
    {
        if (
            !ConfigNames.IsModel(Model)
            || Model.IndexOf('*', StringComparison.Ordinal) is >= 0 and var star && star < Model.Length - 1
        )
        {
            yield return new("model", $"{ConfigNames.ModelRule}; * must be last");
        }

        if (Provider is not null && !ConfigNames.IsProvider(Provider))
        {
            yield return new("provider", ConfigNames.ProviderRule);
        }
    }

    /// <summary>Describes the price in messages, after "price".</summary>
    public string Describe() =>
        $"of {Model} from {EffectiveFrom.ToString(Day, CultureInfo.InvariantCulture)} on "
        + (Provider is null ? "for every provider" : $"at the provider {Provider}");

    public override string ToString() =>
        $"{EffectiveFrom.ToString(Day, CultureInfo.InvariantCulture)}/{Provider}/{Model}";
}
