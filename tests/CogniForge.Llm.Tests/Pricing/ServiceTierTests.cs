using System.Globalization;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Anthropic;
using CogniForge.Llm.Protocols.OpenAI.Chat;
using CogniForge.Llm.Protocols.OpenAI.Responses;
using CogniForge.Llm.Routing;
using CogniForge.Llm.Tests.Protocols;

namespace CogniForge.Llm.Tests.Pricing;

/// <summary>The service tiers of requests and responses, and their cost.</summary>
public class ServiceTierTests
{
    private static readonly Price _price = new("m", null, default, 10, 100)
    {
        PerRequest = 0.5m,
        LongContext = new(1_000_000, 2, 1.5m),
        ServiceTiers = new Dictionary<string, decimal> { ["priority"] = 2.5m, ["flex"] = 0.5m },
    };

    [Theory]
    [InlineData(null, "110.5")]
    [InlineData("default", "110.5")]
    [InlineData("standard", "110.5")]
    [InlineData("auto", "110.5")]
    [InlineData("priority", "275.5")]
    [InlineData("flex", "55.5")]
    [InlineData("scale", "110.5")] // no multiplier: the standard rates
    public void CalculateCost_Tier_MultipliesOnlyRates(string? tier, string cost) =>
        Assert.Equal(Amount(cost), _price.CalculateCost(new(1_000_000, 1_000_000), _price.GetMultiplier(tier) ?? 1));

    [Fact]
    public void CalculateCost_TierWithLongContext_AppliesBoth() =>
        Assert.Equal(0.5m + (2.5m * ((2 * 20m) + (1.5m * 100))), _price.CalculateCost(new(2_000_000, 1_000_000), 2.5m));

    [Fact]
    public void CalculateCost_ManyDecimals_IsRounded()
    {
        var price = new Price("m", null, default, 0.123456789m, 0) { LongContext = new(1, 1.2345m, 1) };
        Assert.Equal(0.0000005644408281969m, price.CalculateCost(new(3, 0), 1.2345m));
    }

    [Theory]
    [InlineData(null, "1")]
    [InlineData("default", "1")]
    [InlineData("priority", "2.5")]
    [InlineData("flex", "1")] // the provider may use the standard tier
    [InlineData("auto", "2.5")]
    [InlineData("scale", "2.5")] // no multiplier: the highest one
    public void GetMaxMultiplier_Tier_IsAtLeastOne(string? tier, string factor)
    {
        Assert.Equal(Amount(factor), CostUpperBound.GetMaxMultiplier(_price, tier));
        Assert.Equal(1, CostUpperBound.GetMaxMultiplier(_price with { ServiceTiers = null }, tier));
    }

    [Theory]
    [InlineData("{}", null)]
    [InlineData("""{"service_tier":null}""", null)]
    [InlineData("""{"service_tier":"default"}""", "default")]
    [InlineData("""{"service_tier":"priority"}""", "priority")]
    [InlineData("""{"service_tier":"auto"}""", "auto")]
    [InlineData("""{"service_tier":7}""", "auto")]
    [InlineData("""{"service_tier":"a\nb"}""", "auto")]
    [InlineData("""{"speed":"fast"}""", null)]
    public void GetRequested_OpenAI_IsServiceTier(string body, string? tier) =>
        Assert.Equal(tier, GetRequested(body, Protocol.ChatCompletions, ProviderKind.OpenAI));

    [Theory]
    [InlineData("{}", null)]
    [InlineData("""{"service_tier":"standard_only","speed":"standard"}""", null)]
    [InlineData("""{"service_tier":"auto"}""", "auto")]
    [InlineData("""{"service_tier":"auto","speed":"fast"}""", "fast")]
    [InlineData("""{"service_tier":"priority"}""", null)] // only Anthropic assigns it
    [InlineData("""{"speed":"fast"}""", "fast")]
    public void GetRequested_Anthropic_PrefersSpeedOverTier(string body, string? tier)
    {
        Assert.Equal(tier, GetRequested(body, Protocol.Messages, ProviderKind.Anthropic));
        Assert.Equal(tier, GetRequested(body, Protocol.ChatCompletions, ProviderKind.Anthropic));
    }

    [Fact]
    public void GetRequested_RouteDefault_AppliesUnlessRequested()
    {
        Assert.Equal(
            "priority",
            GetRequested("{}", Protocol.ChatCompletions, ProviderKind.OpenAI, """{"service_tier":"priority"}""")
        );
        Assert.Equal(
            "flex",
            GetRequested(
                """{"service_tier":"flex"}""",
                Protocol.ChatCompletions,
                ProviderKind.OpenAI,
                """{"service_tier":"priority"}"""
            )
        );
        Assert.Null(
            GetRequested(
                """{"service_tier":null}""",
                Protocol.ChatCompletions,
                ProviderKind.OpenAI,
                """{"service_tier":"priority"}"""
            )
        );
    }

    [Theory]
    [InlineData("""{"input_tokens":1}""", null)]
    [InlineData("""{"service_tier":"standard"}""", null)] // without speed, the request determines the tier
    [InlineData("""{"service_tier":"standard","speed":"standard"}""", "standard")]
    [InlineData("""{"service_tier":"priority","speed":"standard"}""", "priority")]
    [InlineData("""{"service_tier":"priority"}""", "priority")]
    [InlineData("""{"service_tier":"standard","speed":"fast"}""", "fast")]
    [InlineData("""{"speed":"fast"}""", "fast")]
    public void Read_Message_ReturnsTier(string usage, string? tier)
    {
        Assert.Equal(tier, new MessagesAdapter().Read(Wire.Json($$"""{"usage":{{usage}}}""")).ServiceTier);
        var reader = new MessagesAdapter().CreateStreamReader();
        reader.Read(
            new(
                "message_start",
                System.Text.Encoding.UTF8.GetBytes($$$"""{"type":"message_start","message":{"usage":{{{usage}}}}}""")
            )
        );
        reader.Read(
            new(
                "message_delta",
                """
                {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":5}}
                """u8.ToArray()
            )
        );
        Assert.Equal(tier, reader.Metadata.ServiceTier);
    }

    [Fact]
    public void Read_ChatStream_UsesTierWithUsage()
    {
        var reader = new ChatAdapter().CreateStreamReader();
        Assert.Equal(
            [null, "auto", "auto", "auto", "priority"],
            new[] { "null", "\"auto\"", "\"flex\"", "null", "\"priority\",\"usage\":{\"prompt_tokens\":1}" }.Select(
                tier =>
                {
                    reader.Read(
                        new(null, System.Text.Encoding.UTF8.GetBytes($$"""{"choices":[],"service_tier":{{tier}}}"""))
                    );
                    return reader.Metadata.ServiceTier;
                }
            )
        );
    }

    [Fact]
    public void Read_Response_ReturnsTier()
    {
        const string Response = """{"id":"r","status":"completed","output":[],"service_tier":"flex"}""";
        Assert.Equal("flex", new ResponsesAdapter().Read(Wire.Json(Response)).ServiceTier);
        var reader = new ResponsesAdapter().CreateStreamReader();
        reader.Read(
            new(
                "response.created",
                """
                {"type":"response.created",
                 "response":{"id":"r","status":"in_progress","output":[],"service_tier":"auto"}}
                """u8.ToArray()
            )
        );
        Assert.Null(reader.Metadata.ServiceTier); // that is only the requested tier
        reader.Read(
            new(
                "response.completed",
                System.Text.Encoding.UTF8.GetBytes($$"""{"type":"response.completed","response":{{Response}}}""")
            )
        );
        Assert.Equal("flex", reader.Metadata.ServiceTier);
    }

    private static decimal Amount(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private static string? GetRequested(string body, Protocol client, ProviderKind kind, string? defaults = null) =>
        ServiceTier.GetRequested(
            new()
            {
                Protocol = client,
                Body = Wire.Json(body),
                Model = "m",
            },
            new("r", [])
            {
                Defaults = defaults is null ? null : System.Text.Json.Nodes.JsonNode.Parse(defaults)!.AsObject(),
            },
            new(new("p", kind), "m", 0, 1)
        );
}
