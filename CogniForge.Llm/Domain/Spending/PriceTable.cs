namespace CogniForge.Llm.Domain.Spending;

/// <summary>What models cost, and since when. Immutable.</summary>
internal sealed class PriceTable
{
    private readonly ILookup<string, Price> _byModel;
    private readonly IReadOnlyList<(string Prefix, Price Price)> _wildcards;

    /// <summary>Builds the table.</summary>
    public PriceTable(IEnumerable<Price> prices)
    {
        Prices = [.. prices];
        _byModel = Prices.ToLookup(p => p.Model, StringComparer.Ordinal);
        _wildcards = [.. Prices.Where(p => p.Model.EndsWith('*')).Select(p => (p.Model[..^1], p)).OrderByDescending(p => p.Item1.Length)];
    }

    /// <summary>The prices as they were given.</summary>
    public IReadOnlyList<Price> Prices { get; }

    /// <summary>The cost of a completion, USD; null when the model has no price.</summary>
    /// <param name="provider">Who answered.</param>
    /// <param name="model">The model that answered, in the provider's words.</param>
    /// <param name="requested">The model that the provider was asked for: the answer often names a dated version of it.</param>
    /// <param name="usage">What was consumed.</param>
    /// <param name="at">When.</param>
    public decimal? CostOf(string provider, string model, string requested, TokenUsage usage, DateTimeOffset at) =>
        (Find(provider, model, at) ?? Find(provider, requested, at))?.CostOf(usage);

    /// <summary>The price that holds at a moment: the provider's own before that of all, the newest before older ones, the exact name before wildcards; null when there is none.</summary>
    public Price? Find(string provider, string model, DateTimeOffset at) =>
        Best(_byModel[model], provider, at) ?? Best(_wildcards.Where(w => model.StartsWith(w.Prefix, StringComparison.Ordinal)).Select(w => w.Price), provider, at);

    private static Price? Best(IEnumerable<Price> prices, string provider, DateTimeOffset at) =>
        prices.Where(p => (p.Provider is null || p.Provider == provider) && p.EffectiveFrom <= at).OrderBy(p => p.Provider is null).ThenByDescending(p => p.EffectiveFrom).FirstOrDefault();
}
