using CogniForge.Llm.Limits;

namespace CogniForge.Llm.Tests.Limits;

/// <summary>The response headers of a key's limits.</summary>
public class LimitHeadersTests
{
    private const string Message = """{"model":"mock","max_tokens":4,"messages":[{"role":"user","content":"Hello"}]}""";
    private const string Left = "x-cogniforge-budget-remaining";
    private readonly FakeTimeProvider _time = new(TestTime.Start);

    [Fact]
    public async Task Messages_LimitedKey_HasAnthropicHeaders()
    {
        await using var gateway = await LimitedGateway.InMemoryAsync(_time);
        var (_, client) = await gateway.NewKeyAsync("""{"requestsPerMinute":2,"tokensPerMinute":60}""");
        _time.Advance(TimeSpan.FromMilliseconds(1)); // 12:00:00.001: times to come are rounded up

        using var first = await client.ChatAsync(Message, "/v1/messages");

        await first.ReadAsync(200);
        Assert.Equal(("2", "1", "2026-03-01T12:00:31Z"), Anthropic(first, "requests")); // 30 s for one of two
        var tokens = int.Parse(first.Header("x-ratelimit-remaining-tokens")!, null);
        Assert.Equal(("60", $"{tokens}", $"2026-03-01T12:00:{60 - tokens + 1:00}Z"), Anthropic(first, "tokens"));
        Assert.Equal(
            ("2", "1", "30s"),
            (
                first.Header("x-ratelimit-limit-requests"),
                first.Header("x-ratelimit-remaining-requests"),
                first.Header("x-ratelimit-reset-requests")
            )
        );

        using var second = await client.ChatAsync(Message, "/v1/messages");
        await second.ReadAsync(200);
        using var refused = await client.ChatAsync(Message, "/v1/messages");
        await refused.ReadAsync(429);
        Assert.Equal(("2", "0", "2026-03-01T12:01:01Z"), Anthropic(refused, "requests"));
        Assert.Equal("30", refused.Header("retry-after"));
    }

    [Fact]
    public async Task Response_OpenAIClientOrNoLimit_HasNoAnthropicHeaders()
    {
        await using var gateway = await LimitedGateway.InMemoryAsync(_time);
        var (_, limited) = await gateway.NewKeyAsync("""{"requestsPerMinute":2}""");
        var (_, free) = await gateway.NewKeyAsync("""{"routes":["mock"]}""");
        using var chat = await limited.ChatAsync();
        using var half = await limited.ChatAsync(Message, "/v1/messages");
        using var message = await free.ChatAsync(Message, "/v1/messages");

        static IEnumerable<string> HeaderNames(HttpResponseMessage response) =>
            response
                .Headers.Select(h => h.Key)
                .Where(n =>
                    n.Contains("ratelimit", StringComparison.OrdinalIgnoreCase)
                    || n.Contains("budget", StringComparison.OrdinalIgnoreCase)
                );
        Assert.DoesNotContain(HeaderNames(chat), n => n.StartsWith("anthropic", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(HeaderNames(half), n => n.Contains("tokens", StringComparison.OrdinalIgnoreCase));
        Assert.Empty(HeaderNames(message));
    }

    [Theory]
    [InlineData("/v1/chat/completions", LimitedGateway.Hello)]
    [InlineData(
        "/v1/chat/completions",
        """{"model":"mock","stream":true,"messages":[{"role":"user","content":"Hello"}],"max_tokens":4}"""
    )]
    [InlineData("/v1/messages", Message)]
    public async Task Response_KeyWithBudget_HasRemainingAlsoWhenRefused(string path, string body)
    {
        await using var gateway = await LimitedGateway.InMemoryAsync(_time);
        var (_, client) = await gateway.NewKeyAsync("""{"budget":{"amount":1.000011,"period":"day"}}""");
        using var before = await client.ChatAsync(body, path);
        Assert.Equal("1.000007", before.Header(Left)); // this one holds 0.000004
        await before.Content.ReadAsStringAsync();

        var (_, poor) = await gateway.NewKeyAsync("""{"budget":{"amount":0.000003,"period":"day"}}""");
        using var refused = await poor.ChatAsync(body, path);
        await refused.ReadAsync(402);
        Assert.Equal("0.000003", refused.Header(Left));
        var (_, broke) = await gateway.NewKeyAsync("""{"budget":{"amount":0,"period":"day"}}""");
        using var nothing = await broke.ChatAsync(body, path);
        Assert.Equal("0", nothing.Header(Left));
    }

    [Theory]
    [InlineData(0, "2026-12-31T23:59:59Z")]
    [InlineData(1, "2027-01-01T00:00:00Z")]
    [InlineData(10_000_000, "2027-01-01T00:00:00Z")]
    public void Time_OfReset_HasAnthropicFormat(long ticks, string text) =>
        Assert.Equal(
            text,
            LimitHeaders.Time(new DateTimeOffset(2027, 1, 1, 1, 59, 59, TimeSpan.FromHours(2)).AddTicks(ticks))
        );

    private static (string? Limit, string? Remaining, string? Reset) Anthropic(
        HttpResponseMessage response,
        string what
    ) =>
        (
            response.Header($"anthropic-ratelimit-{what}-limit"),
            response.Header($"anthropic-ratelimit-{what}-remaining"),
            response.Header($"anthropic-ratelimit-{what}-reset")
        );
}
