using CogniForge.Llm.Pricing;

namespace CogniForge.Llm.Tests.Pricing;

public class PriceTableTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);
    private static readonly PriceTable _builtIn = new(BuiltInPrices.Read());

    [Theory]
    // A million tokens of each kind, e.g. 0.10 + 0.01 + 0.125 + 0.50.
    [InlineData("gpt-6-luna", 1_000_000, 1_000_000, 1_000_000, 0, 1_000_000, "0.735")]
    [InlineData("claude-opus-5-5", 1_000_000, 1_000_000, 1_000_000, 1_000_000, 1_000_000, "37.2")]
    [InlineData("claude-opus-5-5-20260922", 1_000_000, 0, 0, 0, 0, "4")]
    [InlineData("claude-sonnet-4-5-20250929", 1_000_000, 1_000_000, 1_000_000, 1_000_000, 1_000_000, "28.05")]
    [InlineData("claude-sonnet-4-6", 1_000_000, 0, 0, 0, 1_000_000, "18")]
    [InlineData("claude-opus-4-5", 1_000_000, 1_000_000, 1_000_000, 1_000_000, 1_000_000, "46.75")]
    [InlineData("claude-opus-4-6", 1_000_000, 0, 0, 0, 1_000_000, "30")]
    [InlineData("gpt-5.5", 100_000, 100_000, 0, 0, 100_000, "3.55")]
    [InlineData("gpt-5.5", 0, 1_000_000, 0, 0, 1_000_000, "46")]
    [InlineData("gpt-5-mini-2025-08-07", 1_000_000, 0, 0, 0, 1_000_000, "2.25")]
    [InlineData("gpt-5.6-terra", 272_001, 0, 0, 0, 0, "1.088004")]
    [InlineData("gpt-6-luna-2026-09-22", 1_000_000, 0, 0, 0, 0, "0.1")]
    [InlineData("claude-3-7-sonnet-20250219", 1_000_000, 1_000_000, 1_000_000, 1_000_000, 1_000_000, "28.05")]
    [InlineData("claude-3-5-haiku-latest", 1_000_000, 1_000_000, 1_000_000, 1_000_000, 1_000_000, "7.48")]
    [InlineData("o3-2025-04-16", 1_000_000, 1_000_000, 0, 0, 1_000_000, "10.5")]
    [InlineData("o4-mini", 1_000_000, 1_000_000, 0, 0, 1_000_000, "5.775")]
    [InlineData("o3-mini", 1_000_000, 1_000_000, 0, 0, 1_000_000, "6.05")]
    [InlineData("gpt-5.3-codex-spark", 1_000_000, 1_000_000, 0, 0, 1_000_000, "15.925")]
    [InlineData("deepseek-v4-flash", 0, 1, 0, 0, 0, "0.0000000028")]
    // Above 272,000 input tokens of any kind, the higher rates apply to the whole request.
    [InlineData("gpt-6-sol", 272_000, 0, 0, 0, 1_000, "0.554")]
    [InlineData("gpt-6-sol", 272_001, 0, 0, 0, 1_000, "1.103004")]
    [InlineData("gpt-6-sol", 0, 272_001, 0, 0, 0, "0.1088004")]
    public void CalculateCost_BuiltInPrice_IsAsPublished(
        string model,
        int fresh,
        int read,
        int write,
        int writeLong,
        int output,
        string cost
    ) =>
        Assert.Equal(
            decimal.Parse(cost, System.Globalization.CultureInfo.InvariantCulture),
            _builtIn.Find("p", model, model, _now)?.CalculateCost(new(fresh, output, read, write, writeLong))
        );

    [Theory]
    [InlineData("gpt-6-lunar")]
    [InlineData("gpt-6-luna-mini")]
    [InlineData("gpt-6-luna-2026")]
    [InlineData("claude-opus-5-7")]
    [InlineData("")]
    public void Find_UnlistedModel_ReturnsNull(string model) =>
        Assert.Null(_builtIn.Find("p", model, model, _now));

    [Fact]
    public void Find_UnknownResponseModel_UsesRequestedModel() =>
        Assert.Equal(0.1m, _builtIn.Find("p", "luna-build-7", "gpt-6-luna", _now)?.Input);

    /// <summary>A named price precedes a wildcard, and the requested model that of the response.</summary>
    [Theory]
    [InlineData("azure", "deploy", "gpt-5-mini-2025-08-07", "1")]
    [InlineData("azure", "deploy", "gpt-4o-2024-05-13", "1")]
    [InlineData("azure", "other", "gpt-4o-2024-05-13", "3")]
    [InlineData("azure", "other", "gpt-5-mini-2025-08-07", "2")] // the operator's * precedes prices for all providers
    [InlineData("p", "auto", "gpt-5-mini-2025-08-07", "4")]
    [InlineData("p", "gpt-5-mini", "gpt-5-mini-2025-08-07", "4")]
    [InlineData("p", "gpt-5", "gpt-5-mini-2025-08-07", "5")] // the alias of a dated version with a price of its own
    [InlineData("p", "gpt-5-fast", "gpt-5-mini-2025-08-07", "4")]
    [InlineData("p", "gpt-5-fast", "gpt-5-mini-2025-08-08", "4")]
    [InlineData("p", "gpt-5-fast", "gpt-5-nano", "7")]
    [InlineData("p", "auto", "gpt-5-nano", "7")]
    [InlineData("p", "auto", "other", null)]
    public void Find_RequestAndResponseModel_PrefersNamedThenRequested(
        string provider,
        string requested,
        string model,
        string? input
    )
    {
        var table = new PriceTable([
            NewPrice("deploy", "azure", 1),
            NewPrice("*", "azure", 2),
            NewPrice("gpt-4o-2024-05-13", "azure", 3),
            NewPrice("gpt-5-mini", null, 4),
            NewPrice("gpt-5", null, 5),
            NewPrice("gpt-5-*", null, 7),
        ]);
        Assert.Equal(
            input,
            table
                .Find(provider, model, requested, _now)
                ?.Input.ToString(System.Globalization.CultureInfo.InvariantCulture)
        );

        static Price NewPrice(string model, string? provider, decimal input) =>
            new(model, provider, default, input, 0) { Origin = Configuration.ConfigOrigin.Api };
    }

    /// <summary>Prices follow the kind of a provider, whatever its name; hosts differ for the same model.</summary>
    [Theory]
    [InlineData("groq", "openai/gpt-oss-20b", "0.075")]
    [InlineData("together", "openai/gpt-oss-20b", "0.05")]
    [InlineData("fast", "openai/gpt-oss-20b", "0.075")]
    [InlineData("ollama", "openai/gpt-oss-20b", null)]
    [InlineData("fast", "gpt-6-luna", "0.1")]
    public void Find_KnownProvider_UsesItsPrice(string provider, string model, string? input)
    {
        var table = new PriceTable(
            BuiltInPrices.Read(),
            new Dictionary<string, string> { ["groq"] = "groq", ["fast"] = "groq", ["ollama"] = "ollama" }
        );
        Assert.Equal(
            input is null ? null : decimal.Parse(input, System.Globalization.CultureInfo.InvariantCulture),
            table.Find(provider, model, _now)?.Input
        );
    }

    /// <summary>A name chosen by the client must not make another provider's model free.</summary>
    [Theory]
    [InlineData("mock", "mock-anything", "0")]
    [InlineData("playground", "mock", "0")]
    [InlineData("openai", "mock-full-x", null)]
    [InlineData("fake", "mock", null)]
    public void Find_NameOfMock_IsFreeOnlyThere(string provider, string model, string? input)
    {
        var table = new PriceTable(
            BuiltInPrices.Read(),
            new Dictionary<string, string> { ["mock"] = "mock", ["playground"] = "mock", ["openai"] = "openai" }
        );
        Assert.Equal(
            input,
            table.Find(provider, model, _now)?.Input.ToString(System.Globalization.CultureInfo.InvariantCulture)
        );
    }

    [Fact]
    public void BuiltIn_FreeOrWildcardPrice_NamesProvider() =>
        Assert.All(
            _builtIn.Prices.Where(p => p.Model.EndsWith('*') || p.Input + p.Output == 0),
            p => Assert.NotNull(p.Provider)
        );

    /// <summary>What an operator sets for a provider holds there, even if another names the model exactly.</summary>
    [Theory]
    [InlineData("mine", "mock-full-x", "7")]
    [InlineData("mine", "a-model", "7")]
    [InlineData("mine", "org/a-model", "8")]
    [InlineData("fast", "a-model", "9")]
    [InlineData("fast", "org/a-model", "9")]
    [InlineData("other", "a-model", "2")]
    [InlineData("other", "mock-full-x", "1")]
    [InlineData("other", "org/a-model", "3")]
    public void Find_OwnWildcard_PrecedesGeneralPrice(string provider, string model, string input)
    {
        var table = new PriceTable(
            [
                NewPrice("mock*", null, 1),
                NewPrice("a-model", null, 2),
                NewPrice("org/a-*", null, 3),
                NewPrice("org/*", "mine", 8),
                NewPrice("*", "mine", 7),
                NewPrice("*", "groq", 9),
            ],
            new Dictionary<string, string> { ["fast"] = "groq" }
        );
        Assert.Equal(
            input,
            table.Find(provider, model, _now)?.Input.ToString(System.Globalization.CultureInfo.InvariantCulture)
        );

        static Price NewPrice(string model, string? provider, decimal input) =>
            new(model, provider, default, input, 0) { Origin = Configuration.ConfigOrigin.Api };
    }

    /// <summary>Built-in wildcards of a provider do not outdo a model that the operator prices for all.</summary>
    [Fact]
    public void Find_BuiltInWildcard_YieldsToExactPrice()
    {
        var exact = new Price("grok-4.20-fast", null, default, 42, 0) { Origin = Configuration.ConfigOrigin.Api };
        var table = new PriceTable(BuiltInPrices.Read().Append(exact));
        Assert.Equal(42, table.Find("xai", "grok-4.20-fast", _now)?.Input);
        Assert.Equal(1.25m, table.Find("xai", "grok-4.20-slow", _now)?.Input);
    }

    [Fact]
    public void BuiltIn_EveryPrice_NamesSource() =>
        Assert.All(_builtIn.Prices, p => Assert.False(string.IsNullOrWhiteSpace(p.Source)));

    [Theory]
    [InlineData("mine", "a-model", "2026-02-28", "1")]
    [InlineData("mine", "a-model", "2026-03-01", "2")]
    [InlineData("other", "a-model", "2026-02-28", "3")]
    [InlineData("other", "a-model", "2025-12-31", null)]
    [InlineData("other", "a-model-2026-02-01", "2026-02-28", "3")]
    [InlineData("other", "a-model-2026-02-02", "2026-02-28", "4")]
    [InlineData("other", "a-mode", "2026-02-28", "6")]
    [InlineData("other", "a-mod", "2026-02-28", "5")]
    public void Find_SeveralPrices_PrefersSpecificThenNewest(
        string provider,
        string model,
        string day,
        string? expected
    )
    {
        var table = new PriceTable([
            NewPrice("a-model", "mine", "2026-01-01", 1),
            NewPrice("a-model", "mine", "2026-03-01", 2),
            NewPrice("a-model", null, "2026-01-15", 3),
            NewPrice("a-model-2026-02-02", null, "2026-01-01", 4),
            NewPrice("a-*", null, "2026-02-01", 5),
            NewPrice("a-mode*", null, "2026-01-01", 6),
        ]);
        var at = DateTimeOffset.Parse($"{day}T12:00:00Z", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(
            expected,
            table.Find(provider, model, at)?.Input.ToString(System.Globalization.CultureInfo.InvariantCulture)
        );

        static Price NewPrice(string model, string? provider, string from, decimal input) =>
            new(
                model,
                provider,
                DateTimeOffset.Parse($"{from}T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture),
                input,
                0
            );
    }

    [Fact]
    public void CalculateCost_MissingRates_UseDefaults()
    {
        var price = new Price("m", null, default, 10, 100);
        Assert.Equal(10m, price.CalculateCost(new(0, 0, CacheRead: 1_000_000)));
        Assert.Equal(10m, price.CalculateCost(new(0, 0, CacheWrite: 1_000_000)));
        Assert.Equal(10m, price.CalculateCost(new(0, 0, CacheWriteLong: 1_000_000)));
        Assert.Equal(12m, (price with { CacheWrite = 12 }).CalculateCost(new(0, 0, CacheWriteLong: 1_000_000)));
        Assert.Equal(100m, price.CalculateCost(new(0, 1_000_000, Reasoning: 400_000)));
        Assert.Equal(80m, (price with { Reasoning = 50 }).CalculateCost(new(0, 1_000_000, Reasoning: 400_000)));
        Assert.Equal(0.35m, (price with { PerRequest = 0.05m, PerImage = 0.1m }).CalculateCost(new(0, 0, Images: 3)));
    }
}
