using CogniForge.Llm.Configuration;

namespace CogniForge.Llm.Pricing;

/// <summary>
/// The prices in <c>prices.json</c>: each takes effect on the day it was read from its source, and names the source.
/// </summary>
internal static class BuiltInPrices
{
    /// <exception cref="InvalidOperationException">A price in the file is not valid.</exception>
    public static IReadOnlyList<Price> Read()
    {
        using var reader = new StreamReader(
            typeof(BuiltInPrices).Assembly.GetManifestResourceStream(typeof(BuiltInPrices), "prices.json")!
        );
        return [.. ConfigJson.Read<ListedPrice[]>(reader.ReadToEnd()).Select(ToValidPrice)];
    }

    private static Price ToValidPrice(ListedPrice listed)
    {
        var key = new PriceKey(listed.EffectiveFrom, listed.Provider, listed.Model);
        var errors = key.Validate().Concat(listed.Price.Validate());
        return errors.Select(e => $"{e.Path} {e.Rule}").FirstOrDefault() is { } error
            ? throw new InvalidOperationException($"prices.json: {key}: {error}")
            : listed.Price.ToPrice(key, ConfigOrigin.BuiltIn);
    }

    private sealed record ListedPrice(DateOnly EffectiveFrom, string? Provider, string Model, PriceConfig Price);
}
