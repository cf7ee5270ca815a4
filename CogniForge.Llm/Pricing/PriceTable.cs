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

    // Newer prices before older ones.
    private readonly Dictionary<string, Price[]> _byModel;
    private readonly (string Prefix, Price[] Prices)[] _wildcards;
    private readonly IReadOnlyDictionary<string, string> _profiles;

    /// <param name="prices">The prices.</param>
    /// <param name="profiles">
    /// The names under which providers with names of the user's choice are known, by their own: their prices are those
    /// of the known provider. Default: none.
    /// </param>
    public PriceTable(IEnumerable<Price> prices, IReadOnlyDictionary<string, string>? profiles = null)
    {
        _profiles = profiles ?? new Dictionary<string, string>();
        Prices = [.. prices];
        _byModel = Prices
            .OrderByDescending(p => p.EffectiveFrom)
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
    /// Finds the price in effect at a time; null: none. The order: exact name, name without date, longest wildcard;
    /// then prices of this provider, of the known provider that it is, of all providers; then newer before older.
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

    private Price? FindBest(Price[]? prices, string provider, DateTimeOffset at) =>
        prices is null
            ? null
            : FindLatest(prices, provider, at)
                ?? (_profiles.TryGetValue(provider, out var known) ? FindLatest(prices, known, at) : null)
                ?? FindLatest(prices, null, at);

    private static Price? FindLatest(Price[] prices, string? provider, DateTimeOffset at)
    {
        foreach (var price in prices)
        {
            if (price.Provider == provider && price.EffectiveFrom <= at)
            {
                return price;
            }
        }

        return null;
    }
}
