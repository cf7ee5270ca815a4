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

    private static readonly (int, int, int) _noRank = (int.MaxValue, 0, 0);

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
                .Where(g => g.Value[0].IsWildcard)
                .Select(g => (g.Key[..^1], g.Value))
                .OrderByDescending(w => w.Item1.Length),
        ];
    }

    /// <summary>All prices, in their original order.</summary>
    public IReadOnlyList<Price> Prices { get; }

    /// <summary>
    /// Finds the price of a response; null: its model has no price. A price that names the requested model decides,
    /// because a deployment or an alias costs what its owner says; then one that names the model of the response, then
    /// wildcards in the same order.
    /// </summary>
    /// <param name="provider">The provider's name.</param>
    /// <param name="model">The model named in the response.</param>
    /// <param name="requested">The model requested of the provider.</param>
    /// <param name="at">The time of the request.</param>
    public Price? Find(string provider, string model, string requested, DateTimeOffset at)
    {
        var price = Find(provider, requested, at);
        return price is { IsWildcard: false } ? price
            : Find(provider, model, at) is { } named && (price is null || CanReplace(provider, price, named)) ? named
            : price;
    }

    /// <summary>
    /// Lists every price that a response may have, whichever model it names, for a reservation that covers its cost.
    /// Empty if the requested model has no price.
    /// </summary>
    /// <inheritdoc cref="Find(string, string, string, DateTimeOffset)"/>
    public IReadOnlyList<Price> ListPossible(string provider, string requested, DateTimeOffset at) =>
        Find(provider, requested, at) is not { } price ? []
        : !price.IsWildcard ? [price]
        :
        [
            price,
            .. Prices.Where(p =>
                CanReplace(provider, price, p) && ReferenceEquals(p, Find(provider, p.Model, at))
            ),
        ];

    /// <summary>
    /// Finds the price in effect at a time; null: there is none. The order: prices that an operator set for this
    /// provider, for the one that it is known as, then all others; among these the exact name, the name without its
    /// date, the longest wildcard; then prices of this provider before general ones; then newer before older.
    /// </summary>
    public Price? Find(string provider, string model, DateTimeOffset at)
    {
        (Price? best, var bestRank, var candidate) = (null, _noRank, 0);
        foreach (var prices in FindCandidates(model))
        {
            foreach (var price in prices)
            {
                var scope = GetScope(provider, price);
                var rank = ((int)(scope < Scope.OwnBuiltIn ? scope : Scope.OwnBuiltIn), candidate, (int)scope);
                if (scope != Scope.Foreign && price.EffectiveFrom <= at && rank.CompareTo(bestRank) < 0)
                {
                    (best, bestRank) = (price, rank);
                }
            }

            candidate++;
        }

        return best;
    }

    /// <summary>Whether a price that names the model of a response replaces a wildcard for the requested one.</summary>
    private bool CanReplace(string provider, Price wildcard, Price named) =>
        !named.IsWildcard && GetScope(provider, named) <= GetScope(provider, wildcard);

    private Scope GetScope(string provider, Price price)
    {
        var isSet = price.Origin != ConfigOrigin.BuiltIn;
        return price.Provider switch
        {
            { } own when own == provider => isSet ? Scope.OwnSet : Scope.OwnBuiltIn,
            { } other when other == _profiles.GetValueOrDefault(provider, provider) => isSet
                ? Scope.KnownSet
                : Scope.KnownBuiltIn,
            null => Scope.General,
            _ => Scope.Foreign,
        };
    }

    /// <summary>Finds the prices of the exact name, of the name without its date, and of wildcards.</summary>
    private IEnumerable<Price[]> FindCandidates(string model)
    {
        if (_byModel.TryGetValue(model, out var exact))
        {
            yield return exact;
        }

        var undated = model.Contains("-20", StringComparison.Ordinal) ? _dateSuffix.Replace(model, "") : model;
        if (undated.Length < model.Length && _byModel.TryGetValue(undated, out var prices))
        {
            yield return prices;
        }

        foreach (var (prefix, wildcard) in _wildcards)
        {
            if (model.StartsWith(prefix, StringComparison.Ordinal))
            {
                yield return wildcard;
            }
        }
    }

    /// <summary>The provider that a price is for, in the order of precedence.</summary>
    private enum Scope
    {
        OwnSet,
        KnownSet,
        OwnBuiltIn,
        KnownBuiltIn,
        General,
        Foreign,
    }
}
