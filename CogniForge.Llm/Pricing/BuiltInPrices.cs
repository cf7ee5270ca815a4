using CogniForge.Llm.Configuration;

namespace CogniForge.Llm.Pricing;

/// <summary>The prices that the gateway brings with it, <c>prices.json</c>: each holds from the day on which it was read, and names where.</summary>
internal static class BuiltInPrices
{
    /// <summary>Reads them.</summary>
    /// <exception cref="InvalidOperationException">The file is wrong.</exception>
    public static IReadOnlyList<Price> Read()
    {
        using var reader = new StreamReader(
            typeof(BuiltInPrices).Assembly.GetManifestResourceStream(typeof(BuiltInPrices), "prices.json")!
        );
        return [.. ConfigJson.Read<ListedPrice[]>(reader.ReadToEnd()).Select(Checked)];
    }

    private static Price Checked(ListedPrice listed)
    {
        var key = new PriceKey(listed.EffectiveFrom, listed.Provider, listed.Model);
        return
            key.Check().Concat(listed.Price.Validate()).Select(e => $"{e.Path} {e.Rule}").FirstOrDefault() is { } broken
            ? throw new InvalidOperationException($"prices.json: {key}: {broken}")
            : listed.Price.ToPrice(key, ConfigOrigin.BuiltIn);
    }

    private sealed record ListedPrice(DateOnly EffectiveFrom, string? Provider, string Model, PriceConfig Price);
}
