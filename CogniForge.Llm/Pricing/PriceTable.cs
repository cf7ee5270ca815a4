using System.Text.RegularExpressions;

namespace CogniForge.Llm.Pricing;

/// <summary>What models cost, and since when. Immutable.</summary>
internal sealed class PriceTable
{
    // gpt-6-luna-2026-09-22, claude-haiku-4-5-20251001: a version of the model that costs what the model does.
    private static readonly Regex _date = new(
        @"-20[0-9]{2}(-[0-9]{2}-[0-9]{2}|[0-9]{4})\z",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    );

    // Of each name the best first: a provider's own before others', the newest before older ones.
    private readonly Dictionary<string, Price[]> _byModel;
    private readonly (string Prefix, Price[] Prices)[] _wildcards;

    /// <summary>Builds the table.</summary>
    public PriceTable(IEnumerable<Price> prices)
    {
        Prices = [.. prices];
        _byModel = Prices
            .OrderBy(p => p.Provider is null)
            .ThenByDescending(p => p.EffectiveFrom)
            .GroupBy(p => p.Model, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);
        _wildcards =
        [
            .. _byModel
                .Where(g => g.Key.EndsWith('*'))
                .Select(g => (g.Key[..^1], g.Value))
                .OrderByDescending(w => w.Item1.Length),
        ];
    }

    /// <summary>The prices as they were given.</summary>
    public IReadOnlyList<Price> Prices { get; }

    /// <summary>The price of an answer; null when the model has none.</summary>
    /// <param name="provider">Who answered.</param>
    /// <param name="model">The model that answered, in the provider's words.</param>
    /// <param name="requested">The model that the provider was asked for: the answer often names a dated version of it.</param>
    /// <param name="at">When.</param>
    public Price? Find(string provider, string model, string requested, DateTimeOffset at) =>
        Find(provider, model, at) ?? Find(provider, requested, at);

    /// <summary>
    /// The price that holds at a moment: the exact name before that without a date at its end, then the longest wildcard; the provider's own before that of all, the newest before older ones.
    /// Null when there is none.
    /// </summary>
    public Price? Find(string provider, string model, DateTimeOffset at)
    {
        if (
            (
                Best(_byModel.GetValueOrDefault(model), provider, at)
                ?? Best(_byModel.GetValueOrDefault(_date.Replace(model, "")), provider, at)
            ) is
            { } named
        )
        {
            return named;
        }

        foreach (var (prefix, prices) in _wildcards)
        {
            if (model.StartsWith(prefix, StringComparison.Ordinal) && Best(prices, provider, at) is { } price)
            {
                return price;
            }
        }

        return null;
    }

    private static Price? Best(Price[]? prices, string provider, DateTimeOffset at)
    {
        foreach (var price in prices ?? [])
        {
            if ((price.Provider is null || price.Provider == provider) && price.EffectiveFrom <= at)
            {
                return price;
            }
        }

        return null;
    }
}
