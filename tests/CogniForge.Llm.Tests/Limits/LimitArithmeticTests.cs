using System.Text.Json;
using CogniForge.Llm.Limits;
using CogniForge.Llm.Limits.Budgets;
using CogniForge.Llm.Pricing;

namespace CogniForge.Llm.Tests.Limits;

public class LimitArithmeticTests
{
    [Theory]
    [InlineData("Day", "2026-03-01T00:30:00+01:00", "2026-02-28", "2026-03-01")]
    [InlineData("Week", "2026-03-01T23:59:59Z", "2026-02-23", "2026-03-02")]
    [InlineData("Week", "2026-03-02T00:00:00Z", "2026-03-02", "2026-03-09")]
    [InlineData("Month", "2028-02-29T12:00:00Z", "2028-02-01", "2028-03-01")]
    [InlineData("Month", "2026-12-31T23:59:59Z", "2026-12-01", "2027-01-01")]
    public void Window_AtTime_ContainsItInUtc(string name, string moment, string start, string end)
    {
        var period = Enum.Parse<BudgetPeriod>(name);
        static DateTimeOffset Utc(string day) => DateTimeOffset.Parse($"{day}T00:00:00Z", null);
        Assert.Equal(
            new BudgetWindow(period, Utc(start), Utc(end)),
            BudgetWindow.At(period, DateTimeOffset.Parse(moment, null))
        );
    }

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(0.4, "1ms")]
    [InlineData(20, "20ms")]
    [InlineData(1_000, "1s")]
    [InlineData(1_500, "1.5s")]
    [InlineData(59_999, "59.999s")]
    [InlineData(360_000, "6m0s")]
    [InlineData(3_661_000, "61m1s")]
    public void Duration_OfReset_HasOpenAIFormat(double milliseconds, string text) =>
        Assert.Equal(text, LimitHeaders.Duration(TimeSpan.FromMilliseconds(milliseconds)));

    [Theory]
    [InlineData("0.000000001", 1)]
    [InlineData("0.0000000001", 1)]
    [InlineData("0.0000000011", 2)]
    [InlineData("1000000", 1_000_000_000_000_000)]
    [InlineData("79228162514264337593543950335", NanoUsd.Max)]
    public void NanoUsd_FromUsd_RoundsUp(string usd, long nano)
    {
        var amount = decimal.Parse(usd, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(nano, amount > 1_000_000_000 ? NanoUsd.Max : NanoUsd.FromUsd(amount));
    }

    [Fact]
    public void InputBound_Text_IsItsBytes()
    {
        const string Body =
            """{"messages":[{"role":"user","content":"ñ→ hello"}],"tools":[{"type":"function","function":{}}]}""";
        Assert.Equal(
            System.Text.Encoding.UTF8.GetByteCount(Body) + InputTokenUpperBound.TokensAddedByProvider,
            InputTokenUpperBound.Estimate(JsonDocument.Parse(Body).RootElement)
        );
    }

    [Theory]
    [InlineData("""{"type":"image_url","image_url":{"url":"https://example.org/cat.png"}}""")]
    [InlineData("""{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}""")]
    [InlineData("""{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}""")]
    [InlineData("""{"type":"input_image","image_url":"https://example.org/cat.png"}""")]
    public void InputBound_Image_IgnoresItsSize(string image)
    {
        var (one, two) = (
            EstimateContent($"[{image}]"),
            EstimateContent($"[{image.Replace("AAAA", new string('A', 9_999), StringComparison.Ordinal)},{image}]")
        );
        Assert.Equal(InputTokenUpperBound.TokensPerImage + 1, two - one); // and a comma
    }

    [Fact]
    public void InputBound_Rerank_HasQueryPerDocument()
    {
        var query = new string('q', 1_000);
        var (one, three) = (Estimate("\"a\""), Estimate("\"a\",\"b\",\"c\""));
        Assert.InRange(three - one, 2_000, 2_100);

        int Estimate(string documents) =>
            InputTokenUpperBound.Estimate(
                JsonElement.Parse($$"""{"query":"{{query}}","documents":[{{documents}}]}""")
            );
    }

    /// <summary>Only the picture itself is not text; what only looks like an image is.</summary>
    [Theory]
    [InlineData("""[{"type":"tool_use","input":{"type":"image","source":{"data":"AAAA"}}}]""")]
    [InlineData("""[{"type":"image_url","image_url":{"url":"data:image/png;base64,AA"},"text":"AAAA"}]""")]
    public void InputBound_TextBesideImage_IsItsBytes(string content)
    {
        var large = content.Replace("AAAA", new string('A', 50_000), StringComparison.Ordinal);
        Assert.InRange(EstimateContent(large), 50_000, 80_000);
    }

    /// <summary>OpenAI's detail original has 10,000 patches (openai/codex#19865), times 1.2 at GPT-5.2.</summary>
    [Fact]
    public void InputBound_Image_CoversLargestDetail() =>
        Assert.InRange(InputTokenUpperBound.TokensPerImage, 12_000, int.MaxValue);

    [Fact]
    public void CostBound_SeveralPrices_CoversEachOfThem()
    {
        var random = new Random(1);
        for (var i = 0; i < 1_000; i++)
        {
            var prices = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Any(random)).ToList();
            var (input, output, images, choices) = (
                random.Next(1, 500_000),
                random.Next(0, 10_000),
                random.Next(3),
                random.Next(1, 4)
            );
            var (asked, answered) = _tiers[random.Next(_tiers.Length)];
            var worst = CostUpperBound
                .From(prices.Select(p => (p, CostUpperBound.GetMaxMultiplier(p, asked))), input, images, choices)
                .ForOutputTokens(output);
            foreach (var price in prices)
            {
                var read = random.Next(0, input);
                var usage = new TokenUsage(
                    input - read,
                    output * choices,
                    random.Next(0, read),
                    0,
                    0,
                    random.Next(0, (output * choices) + 1)
                );
                usage = usage with
                {
                    CacheWriteLong = read - usage.CacheRead,
                    Images = images,
                    Audio = new(usage.FreshInput / 2, usage.CacheRead / 2, (usage.Output - usage.Reasoning) / 2),
                    Image = new(usage.FreshInput / 2, usage.CacheRead / 2, (usage.Output - usage.Reasoning) / 2),
                };
                var cost = price.CalculateCost(usage, price.GetMultiplier(answered) ?? 1);
                Assert.True(
                    NanoUsd.FromUsd(cost) <= worst,
                    $"{price} {usage} {asked} {answered}: {cost} USD, at most {worst} billionths"
                );
            }
        }
    }

    // What is asked for, and what may answer.
    private static readonly (string? Asked, string? Answered)[] _tiers =
    [
        (null, null),
        ("default", "default"),
        ("priority", "priority"),
        ("priority", "default"),
        ("flex", "flex"),
        ("flex", "default"),
        ("auto", "priority"),
        ("auto", "flex"),
        ("scale", "priority"),
        ("scale", "scale"),
    ];

    private static Price Any(Random random)
    {
        decimal Rate() => Math.Round((decimal)(random.NextDouble() * 20), 3);
        decimal? Maybe() => random.Next(2) == 0 ? null : Rate();
        return new("m", null, DateTimeOffset.UnixEpoch, Rate(), Rate())
        {
            CacheRead = Maybe(),
            CacheWrite = Maybe(),
            CacheWriteLong = Maybe(),
            Reasoning = Maybe(),
            Audio = random.Next(2) == 0 ? null : new(Maybe(), Maybe(), Maybe()),
            Image = random.Next(2) == 0 ? null : new(Maybe(), Maybe(), Maybe()),
            PerRequest = Maybe() ?? 0,
            PerImage = Maybe() ?? 0,
            LongContext = random.Next(2) == 0 ? null : new(random.Next(500_000), 2, 1.5m),
            ServiceTiers =
                random.Next(3) == 0
                    ? null
                    : new Dictionary<string, decimal> { ["priority"] = 2.1234m, ["flex"] = 0.5m },
        };
    }

    private static int EstimateContent(string content) =>
        InputTokenUpperBound.Estimate(
            JsonDocument.Parse($$"""{"messages":[{"role":"user","content":{{content}}}]}""").RootElement
        );
}
