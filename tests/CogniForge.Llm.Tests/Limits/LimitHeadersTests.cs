using CogniForge.Llm.Limits;

namespace CogniForge.Llm.Tests.Limits;

/// <summary>How a client is told what is left of its key's limits.</summary>
public class LimitHeadersTests
{
    private const string Message = """{"model":"mock","max_tokens":4,"messages":[{"role":"user","content":"Hello"}]}""";
    private const string Left = "x-cogniforge-budget-remaining";
    private readonly FakeTimeProvider _time = new(TestTime.Start);

    [Fact]
    public async Task Messages_OfALimitedKey_AreToldInAnthropicsHeadersToo()
    {
        await using var gateway = await LimitedGateway.InMemoryAsync(_time);
        var (_, client) = await gateway.NewKeyAsync("""{"requestsPerMinute":2,"tokensPerMinute":60}""");
        _time.Advance(TimeSpan.FromMilliseconds(1)); // 12:00:00.001: times to come are rounded up

        using var first = await client.AskAsync(Message, "/v1/messages");

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

        using var second = await client.AskAsync(Message, "/v1/messages");
        await second.ReadAsync(200);
        using var refused = await client.AskAsync(Message, "/v1/messages");
        await refused.ReadAsync(429);
        Assert.Equal(("2", "0", "2026-03-01T12:01:01Z"), Anthropic(refused, "requests"));
        Assert.Equal("30", refused.Header("retry-after"));
    }

    [Fact]
    public async Task Answer_ToAnOpenAIClientOrWithoutALimit_HasNoneOfAnthropicsHeaders()
    {
        await using var gateway = await LimitedGateway.InMemoryAsync(_time);
        var (_, limited) = await gateway.NewKeyAsync("""{"requestsPerMinute":2}""");
        var (_, free) = await gateway.NewKeyAsync("""{"routes":["mock"]}""");
        using var chat = await limited.AskAsync();
        using var half = await limited.AskAsync(Message, "/v1/messages");
        using var message = await free.AskAsync(Message, "/v1/messages");

        static IEnumerable<string> Told(HttpResponseMessage response) =>
            response
                .Headers.Select(h => h.Key)
                .Where(n =>
                    n.Contains("ratelimit", StringComparison.OrdinalIgnoreCase)
                    || n.Contains("budget", StringComparison.OrdinalIgnoreCase)
                );
        Assert.DoesNotContain(Told(chat), n => n.StartsWith("anthropic", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(Told(half), n => n.Contains("tokens", StringComparison.OrdinalIgnoreCase));
        Assert.Empty(Told(message));
    }

    [Theory]
    [InlineData("/v1/chat/completions", LimitedGateway.Hello)]
    [InlineData(
        "/v1/chat/completions",
        """{"model":"mock","stream":true,"messages":[{"role":"user","content":"Hello"}],"max_tokens":4}"""
    )]
    [InlineData("/v1/messages", Message)]
    public async Task Answer_OfAKeyWithABudget_TellsWhatIsLeftAlsoWhenItIsRefused(string path, string body)
    {
        await using var gateway = await LimitedGateway.InMemoryAsync(_time);
        var (_, client) = await gateway.NewKeyAsync("""{"budget":{"amount":1.000011,"period":"day"}}""");
        using var before = await client.AskAsync(body, path);
        Assert.Equal("1.000007", before.Header(Left)); // this one holds 0.000004
        await before.Content.ReadAsStringAsync();

        var (_, poor) = await gateway.NewKeyAsync("""{"budget":{"amount":0.000003,"period":"day"}}""");
        using var refused = await poor.AskAsync(body, path);
        await refused.ReadAsync(402);
        Assert.Equal("0.000003", refused.Header(Left));
        var (_, broke) = await gateway.NewKeyAsync("""{"budget":{"amount":0,"period":"day"}}""");
        using var nothing = await broke.AskAsync(body, path);
        Assert.Equal("0", nothing.Header(Left));
    }

    [Theory]
    [InlineData(0, "2026-12-31T23:59:59Z")]
    [InlineData(1, "2027-01-01T00:00:00Z")]
    [InlineData(10_000_000, "2027-01-01T00:00:00Z")]
    public void Time_OfAReset_IsWrittenAsAnthropicDoes(long ticks, string text) =>
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
