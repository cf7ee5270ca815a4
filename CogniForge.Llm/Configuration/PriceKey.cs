using System.Globalization;
using CogniForge.Llm.Pricing;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Configuration;

/// <summary>Identifies a price.</summary>
/// <param name="EffectiveFrom">The day from whose beginning on, UTC, it holds.</param>
/// <param name="Provider">The provider; null: wherever the model is served.</param>
/// <param name="Model">The model; a <c>*</c> at the end stands for anything.</param>
internal sealed record PriceKey(DateOnly EffectiveFrom, string? Provider, string Model)
{
    private const string Day = "yyyy-MM-dd";

    /// <summary>The key of a price.</summary>
    public static PriceKey For(Price price) =>
        new(DateOnly.FromDateTime(price.EffectiveFrom.UtcDateTime), price.Provider, price.Model);

    /// <summary>Reads what <see cref="ToString"/> has written; null: it is none.</summary>
    public static PriceKey? Parse(string text) =>
        text.Split('/', 3) is [var day, var provider, var model]
        && DateOnly.TryParseExact(day, Day, CultureInfo.InvariantCulture, DateTimeStyles.None, out var from)
            ? new(from, provider.Length > 0 ? provider : null, model)
            : null;

    /// <summary>The rules that the key breaks.</summary>
    public IEnumerable<FieldError> Validate()
    {
        if (
            !ConfigNames.IsModel(Model)
            || Model.IndexOf('*', StringComparison.Ordinal) is >= 0 and var star && star < Model.Length - 1
        )
        {
            yield return new("model", $"{ConfigNames.ModelRule}; * only at the end");
        }

        if (Provider is not null && !ConfigNames.IsProvider(Provider))
        {
            yield return new("provider", ConfigNames.ProviderRule);
        }
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{EffectiveFrom.ToString(Day, CultureInfo.InvariantCulture)}/{Provider}/{Model}";
}
