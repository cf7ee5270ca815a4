using System.Text.RegularExpressions;
using CogniForge.Llm.Configuration;

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
    /// Finds the price in effect at a time; null: there is none. The order: prices that an operator set for this
    /// provider, for the one that it is known as, then all others; among these the exact name, the name without its
    /// date, the longest wildcard; then prices of this provider before general ones; then newer before older.
    /// </summary>
    public Price? Find(string provider, string model, DateTimeOffset at)
    {
        var known = _profiles.GetValueOrDefault(provider, provider);
        Price[][] candidates =
        [
            .. new[] { model, _dateSuffix.Replace(model, "") }
                .Select(n => _byModel.GetValueOrDefault(n))
                .OfType<Price[]>(),
            .. _wildcards.Where(w => model.StartsWith(w.Prefix, StringComparison.Ordinal)).Select(w => w.Prices),
        ];
        return FindFirst(p => p.Provider == provider && p.Origin != ConfigOrigin.BuiltIn)
            ?? FindFirst(p => p.Provider == known && p.Origin != ConfigOrigin.BuiltIn)
            ?? candidates
                .Select(c =>
                    FindIn(c, p => p.Provider == provider)
                    ?? FindIn(c, p => p.Provider == known)
                    ?? FindIn(c, p => p.Provider is null)
                )
                .FirstOrDefault(p => p is not null);

        Price? FindFirst(Func<Price, bool> matches) =>
            candidates.Select(c => FindIn(c, matches)).FirstOrDefault(p => p is not null);

        Price? FindIn(Price[] prices, Func<Price, bool> matches) =>
            Array.Find(prices, p => p.EffectiveFrom <= at && matches(p));
    }
}
