using System.Collections.Frozen;
using CogniForge.Llm.Configuration;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Pricing;

/// <summary>
/// The fees for the tools that providers run themselves, USD per use. A price may have its own; otherwise those of
/// <c>tool-fees.json</c> apply, which providers charge for all of their models.
/// </summary>
internal static class ToolFeeTable
{
    private static readonly FrozenDictionary<string, FrozenDictionary<string, decimal>> _published = Read();

    /// <summary>Finds the fee for one use; null: it is unknown.</summary>
    /// <param name="price">The price of the model.</param>
    /// <param name="provider">The provider: its own fees precede those of the API that it follows.</param>
    /// <param name="tool">The tool's name, e.g. <c>web_search</c>.</param>
    public static decimal? Find(Price price, ProviderProfile provider, string tool) =>
        price.ToolFees is not null && price.ToolFees.TryGetValue(tool, out var fee)
            ? fee
            : FindPublished(provider.Name, tool) ?? FindPublished(provider.Kind.ToString(), tool);

    /// <summary>Calculates the fees for the uses of a response, USD.</summary>
    /// <returns>The known fees, and the first tool without a fee; null: each has one.</returns>
    public static (decimal Fees, string? Unpriced) Calculate(
        Price price,
        ProviderProfile provider,
        IReadOnlyDictionary<string, int>? uses
    )
    {
        var (total, unpriced) = (0m, default(string));
        foreach (var (tool, count) in uses ?? FrozenDictionary<string, int>.Empty)
        {
            var fee = Find(price, provider, tool);
            total += count * (fee ?? 0);
            unpriced ??= fee is null ? tool : null;
        }

        return (total, unpriced);
    }

    private static decimal? FindPublished(string provider, string tool) =>
        _published.TryGetValue(provider, out var fees) && fees.TryGetValue(tool, out var fee) ? fee : null;

    /// <exception cref="InvalidOperationException">The file lacks a source or has an invalid fee.</exception>
    private static FrozenDictionary<string, FrozenDictionary<string, decimal>> Read()
    {
        using var reader = new StreamReader(
            typeof(ToolFeeTable).Assembly.GetManifestResourceStream(typeof(ToolFeeTable), "tool-fees.json")!
        );
        return ConfigJson
            .Read<ListedFees[]>(reader.ReadToEnd())
            .ToFrozenDictionary(
                l => l.Kind,
                l =>
                    PriceConfig.ValidateToolFees(l.Fees).Any() || string.IsNullOrWhiteSpace(l.Source)
                        ? throw new InvalidOperationException($"tool-fees.json: {l.Kind} is not valid")
                        : l.Fees.ToFrozenDictionary(),
                StringComparer.OrdinalIgnoreCase
            );
    }

    private sealed record ListedFees(string Kind, IReadOnlyDictionary<string, decimal> Fees, string Source);
}
