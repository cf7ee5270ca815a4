using System.Text.RegularExpressions;

namespace CogniForge.Llm.Pricing;

/// <summary>The prices of models over time. Immutable.</summary>
internal sealed class PriceTable
{
    // A dated version costs the same as its model: gpt-6-luna-2026-09-22, claude-haiku-4-5-20251001.
    private static readonly Regex _dateSuffix = new(
        @"-20[0-9]{2}(-[0-9]{2}-[0-9]{2}|[0-9]{4})\z",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    );

    // FindBest match first: prices of one provider before prices of all providers, newer before older.
    private readonly Dictionary<string, Price[]> _byModel;
    private readonly (string Prefix, Price[] Prices)[] _wildcards;

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

    /// <summary>All prices, in their original order.</summary>
    public IReadOnlyList<Price> Prices { get; }

    /// <summary>Finds the price of a response; null: its model has no price.</summary>
    /// <param name="provider">The provider's name.</param>
    /// <param name="model">The model named in the response.</param>
    /// <param name="requested">The requested model; responses often name a dated version of it.</param>
    /// <param name="at">The time of the request.</param>
    public Price? Find(string provider, string model, string requested, DateTimeOffset at) =>
        Find(provider, model, at) ?? Find(provider, requested, at);

    /// <summary>
    /// Finds the price in effect at a time; null: there is none. The order: the exact name, the name without its date,
    /// the longest wildcard; then prices of this provider before prices of all providers, newer before older.
    /// </summary>
    public Price? Find(string provider, string model, DateTimeOffset at)
    {
        if (
            (
                FindBest(_byModel.GetValueOrDefault(model), provider, at)
                ?? FindBest(_byModel.GetValueOrDefault(_dateSuffix.Replace(model, "")), provider, at)
            ) is
            { } named
        )
        {
            return named;
        }

        foreach (var (prefix, prices) in _wildcards)
        {
            if (model.StartsWith(prefix, StringComparison.Ordinal) && FindBest(prices, provider, at) is { } price)
            {
                return price;
            }
        }

        return null;
    }

    private static Price? FindBest(Price[]? prices, string provider, DateTimeOffset at)
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
