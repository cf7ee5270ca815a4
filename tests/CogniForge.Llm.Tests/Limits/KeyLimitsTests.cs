using System.ClientModel;
using CogniForge.Llm.Tests.Fakes;
using OpenAI;
using OpenAI.Chat;

namespace CogniForge.Llm.Tests.Limits;

/// <summary>Requests of keys with limits.</summary>
public class KeyLimitsTests
{
    private readonly FakeTimeProvider _time = new(TestTime.Start);

    [Fact]
    public async Task Requests_PerMinute_RefillEvenly()
    {
        await using var gateway = await LimitedGateway.InMemoryAsync(_time);
        var (_, client) = await gateway.NewKeyAsync("""{"requestsPerMinute":2}""");

        using var first = await client.ChatAsync();
        await first.ReadAsync(200);
        Assert.Equal(
            ("2", "1", "30s"),
            (
                first.Header("x-ratelimit-limit-requests"),
                first.Header("x-ratelimit-remaining-requests"),
                first.Header("x-ratelimit-reset-requests")
            )
        );
        Assert.Null(first.Header("x-ratelimit-limit-tokens"));
        Assert.Equal(200, await client.StatusAsync());

        using var refused = await client.ChatAsync();
        var error = await OpenAiError.ReadAsync(refused, 429);
        Assert.Equal(("rate_limit_error", "rate_limit_exceeded"), (error.Type, error.Code));
        Assert.Contains("2 requests per minute", error.Message, StringComparison.Ordinal);
        Assert.Equal(("30", "true"), (refused.Header("retry-after"), refused.Header("x-should-retry")));
        Assert.Equal(
            ("0", "1m0s"),
            (refused.Header("x-ratelimit-remaining-requests"), refused.Header("x-ratelimit-reset-requests"))
        );

        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(429, await client.StatusAsync());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(200, await client.StatusAsync());
    }

    [Fact]
    public async Task Tokens_PerMinute_AreEstimatedThenCorrected()
    {
        await using var gateway = await LimitedGateway.InMemoryAsync(_time);
        var (_, client) = await gateway.NewKeyAsync("""{"tokensPerMinute":10}""");
        const string Body = """{"model":"mock","messages":[{"role":"user","content":"Hello"}]}""";

        // Estimated at 2, and 6 in truth: after two answers the limit is overdrawn by 2.
        using var first = await client.ChatAsync(Body);
        Assert.Equal(6, (await first.ReadAsync(200)).GetProperty("usage").GetProperty("total_tokens").GetInt32());
        Assert.Equal(
            ("10", "8", "12s"),
            (
                first.Header("x-ratelimit-limit-tokens"),
                first.Header("x-ratelimit-remaining-tokens"),
                first.Header("x-ratelimit-reset-tokens")
            )
        );
        using var second = await client.ChatAsync(Body);
        await second.ReadAsync(200);
        Assert.Equal("2", second.Header("x-ratelimit-remaining-tokens"));

        using var refused = await client.ChatAsync(Body);
        Assert.Contains(
            "10 tokens per minute",
            (await OpenAiError.ReadAsync(refused, 429)).Message,
            StringComparison.Ordinal
        );
        Assert.Equal("24", refused.Header("retry-after")); // from -2 to the 2 needed, at one per 6 s
        _time.Advance(TimeSpan.FromSeconds(24));
        Assert.Equal(200, await client.StatusAsync(Body));
    }

    [Theory]
    [InlineData("day", "2026-03-03T23:59:59Z", "2026-03-04T00:00:00Z")]
    [InlineData("week", "2026-03-08T23:59:59Z", "2026-03-09T00:00:00Z")]
    [InlineData("month", "2026-03-31T23:59:59Z", "2026-04-01T00:00:00Z")]
    public async Task Budget_UsedUp_IsWholeInNextPeriod(string period, string last, string next)
    {
        _time.Advance(DateTimeOffset.Parse("2026-03-03T12:00:00Z", null) - _time.GetUtcNow()); // a Tuesday
        await using var gateway = await LimitedGateway.InMemoryAsync(_time);
        var (_, client) = await gateway.NewKeyAsync($$$"""{"budget":{"amount":0.000007,"period":"{{{period}}}"}}""");
        Assert.Equal(200, await client.StatusAsync());

        _time.Advance(DateTimeOffset.Parse(last, null) - _time.GetUtcNow());
        using var refused = await client.ChatAsync();
        var error = await OpenAiError.ReadAsync(refused, 402);
        Assert.Equal(("insufficient_quota", "budget_exceeded"), (error.Type, error.Code));
        Assert.Equal(
            $"This key's budget of 0.000007 USD per {period} does not cover this request, which may cost 0.000004 USD: "
                + $"0.000003 USD remain. The next period begins on {next[..10]} (UTC). "
                + "With max_tokens of 3 or less it may pass.",
            error.Message
        );
        Assert.Equal("false", refused.Header("x-should-retry"));

        _time.Advance(DateTimeOffset.Parse(next, null) - _time.GetUtcNow());
        Assert.Equal(200, await client.StatusAsync());
    }

    [Fact]
    public async Task Budget_InTotal_StaysUsedUp()
    {
        await using var gateway = await LimitedGateway.InMemoryAsync(_time);
        var (_, client) = await gateway.NewKeyAsync("""{"budget":{"amount":0.000007,"period":"total"}}""");
        Assert.Equal(200, await client.StatusAsync());
        _time.Advance(TimeSpan.FromDays(1_000));
        using var refused = await client.ChatAsync(
            LimitedGateway.Hello.Replace(":4}", ":1000}", StringComparison.Ordinal)
        );
        Assert.EndsWith(
            "which may cost 0.001 USD: 0.000003 USD remain. With max_tokens of 3 or less it may pass.",
            (await OpenAiError.ReadAsync(refused, 402)).Message,
            StringComparison.Ordinal
        );
        Assert.Equal(
            200,
            await client.StatusAsync(LimitedGateway.Hello.Replace(":4}", ":3}", StringComparison.Ordinal))
        );
        using var empty = await client.ChatAsync();
        Assert.EndsWith(
            "which may cost 0.000004 USD: 0 USD remain.",
            (await OpenAiError.ReadAsync(empty, 402)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Budget_RequestWithoutLimit_GetsWhatIsCovered()
    {
        await using var gateway = await LimitedGateway.InMemoryAsync(_time);
        var (_, client) = await gateway.NewKeyAsync("""{"budget":{"amount":0.00002,"period":"day"}}""");
        var text = string.Concat(Enumerable.Repeat("hello ", 30));
        var long_ = $$"""{"model":"mock","messages":[{"role":"user","content":"{{text}}"}]}""";

        using var answered = await client.ChatAsync(long_);

        var body = await answered.ReadAsync(200);
        Assert.Equal("length", body.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(20, body.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        Assert.Equal(402, await client.StatusAsync(long_));
    }

    [Fact]
    public async Task Budget_SeveralChoices_CountsAll()
    {
        await using var gateway = await LimitedGateway.InMemoryAsync(_time);
        var (_, client) = await gateway.NewKeyAsync("""{"budget":{"amount":0.000011,"period":"day"}}""");
        Assert.Equal(
            402,
            await client.StatusAsync(
                """{"model":"mock","n":3,"messages":[{"role":"user","content":"Hello"}],"max_tokens":4}"""
            )
        );
        Assert.Equal(
            200,
            await client.StatusAsync(
                """{"model":"mock","n":2,"messages":[{"role":"user","content":"Hello"}],"max_tokens":4}"""
            )
        );
    }

    [Fact]
    public async Task Budget_ModelWithoutPrice_IsForbidden()
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await LimitedGateway.WithAsync(provider);
        var (_, client) = await gateway.NewKeyAsync("""{"budget":{"amount":1,"period":"day"}}""");
        using var refused = await client.ChatAsync(
            """{"model":"fake/other","messages":[{"role":"user","content":"Hello"}]}"""
        );
        var error = await OpenAiError.ReadAsync(refused, 403);
        Assert.Equal(("permission_error", "model_without_price"), (error.Type, error.Code));
        Assert.EndsWith(
            "PUT /api/v1/llm/prices/{effectiveFrom}/{model} sets one; it may be 0.",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Empty(provider.Calls);
    }

    [Fact]
    public async Task Routes_NotAllowed_AreForbiddenAndHidden()
    {
        await using var gateway = await LimitedGateway.InMemoryAsync(_time);
        var (id, client) = await gateway.NewKeyAsync("""{"routes":["fast","mock-*"]}""");

        using var refused = await client.ChatAsync();
        var error = await OpenAiError.ReadAsync(refused, 403);
        Assert.Equal(("permission_error", "model", "model_not_allowed"), (error.Type, error.Param, error.Code));
        Assert.Equal("false", refused.Header("x-should-retry"));
        Assert.Equal(
            200,
            await client.StatusAsync("""{"model":"mock-2","messages":[{"role":"user","content":"Hello"}]}""")
        );
        Assert.DoesNotContain(
            "\"mock\"",
            await client.GetStringAsync(new Uri("/v1/models", UriKind.Relative)),
            StringComparison.Ordinal
        );

        await gateway.SetLimitsAsync(id, "{}");
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(200, await client.StatusAsync());
    }

    [Theory]
    [InlineData("""{"requestsPerMinute":1}""", 429, "rate_limit_error")]
    [InlineData("""{"budget":{"amount":0.000007,"period":"day"}}""", 402, "billing_error")]
    public async Task Messages_LimitReached_ReturnsAnthropicError(string limits, int status, string type)
    {
        await using var gateway = await LimitedGateway.InMemoryAsync(_time);
        var (_, client) = await gateway.NewKeyAsync(limits);
        const string Body = """{"model":"mock","max_tokens":4,"messages":[{"role":"user","content":"Hello"}]}""";
        using var answered = await client.ChatAsync(Body, "/v1/messages");
        await answered.ReadAsync(200);

        using var refused = await client.ChatAsync(Body, "/v1/messages");

        var body = await refused.ReadAsync(status);
        Assert.Equal(
            ("error", type),
            (body.GetProperty("type").GetString(), body.GetProperty("error").GetProperty("type").GetString())
        );
        Assert.Equal(status == 429 ? "true" : "false", refused.Header("x-should-retry"));
    }

    [Fact]
    public async Task Sdk_BudgetUsedUp_ThrowsWithoutRetry()
    {
        await using var gateway = await LimitedGateway.InMemoryAsync();
        var (_, client) = await gateway.NewKeyAsync("""{"budget":{"amount":0.000001,"period":"day"}}""");
        var key = new ApiKeyCredential(client.DefaultRequestHeaders.Authorization!.Parameter!);
        var chat = new ChatClient("mock", key, new OpenAIClientOptions { Endpoint = new Uri(gateway.Address, "/v1") });

        var refused = await Assert.ThrowsAsync<ClientResultException>(() => chat.CompleteChatAsync("Hello"));

        Assert.Equal(402, refused.Status);
        Assert.Contains("budget_exceeded", refused.Message, StringComparison.Ordinal);
        Assert.Contains(
            """cogniforge_llm_failures_total{error_type="budget_exceeded"} 1""",
            await gateway.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Refusal_ByLimit_CountsInMetricsByCategory()
    {
        await using var gateway = await LimitedGateway.InMemoryAsync(_time);
        var (id, client) = await gateway.NewKeyAsync(
            """{"requestsPerMinute":2,"budget":{"amount":0.000007,"period":"day"}}"""
        );
        foreach (var status in new[] { 200, 402, 402 })
        {
            Assert.Equal(status, await client.StatusAsync());
        }

        var (_, slow) = await gateway.NewKeyAsync("""{"requestsPerMinute":1}""");
        Assert.Equal((200, 429), (await slow.StatusAsync(), await slow.StatusAsync()));

        var metrics = await gateway.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative));

        Assert.Contains(
            """cogniforge_llm_failures_total{error_type="budget_exceeded"} 2""",
            metrics,
            StringComparison.Ordinal
        );
        Assert.Contains(
            """cogniforge_llm_failures_total{error_type="key_rate_limited"} 1""",
            metrics,
            StringComparison.Ordinal
        );
        Assert.Contains(
            $$"""cogniforge_llm_budget_remaining{key="{{id}}"} 3e-06""",
            metrics,
            StringComparison.OrdinalIgnoreCase
        );
    }

    [Theory]
    [InlineData("""{"routes":[]}""", "limits.routes", "must name 1 to 100 routes")]
    [InlineData("""{"routes":["a",""]}""", "limits.routes[1]", "must be a name of 1 to 200 characters")]
    [InlineData("""{"routes":["a\u0000"]}""", "limits.routes[0]", "must be a name of 1 to 200 characters")]
    [InlineData(
        """{"budget":{"amount":-1,"period":"day"}}""",
        "limits.budget.amount",
        "must be 0 to 1000000, with at most 9 decimals"
    )]
    [InlineData(
        """{"budget":{"amount":1000000.1,"period":"day"}}""",
        "limits.budget.amount",
        "must be 0 to 1000000, with at most 9 decimals"
    )]
    [InlineData(
        """{"budget":{"amount":0.0000000001,"period":"day"}}""",
        "limits.budget.amount",
        "must be 0 to 1000000, with at most 9 decimals"
    )]
    [InlineData("""{"budget":{"amount":1}}""", "limits.budget", "must have 'period'")]
    [InlineData(
        """{"budget":{"amount":1,"period":"year"}}""",
        "limits.budget.period",
        "must be one of day, week, month, total"
    )]
    [InlineData("""{"requestsPerMinute":0}""", "limits.requestsPerMinute", "must be 1 to 1000000")]
    [InlineData("""{"tokensPerMinute":1000000001}""", "limits.tokensPerMinute", "must be 1 to 1000000000")]
    [InlineData("""{"requestPerMinute":1}""", "limits.requestPerMinute", "is not a known field")]
    public async Task Create_InvalidLimits_NamesFieldAndRule(string limits, string field, string rule)
    {
        await using var gateway = await LimitedGateway.InMemoryAsync();
        using var response = await gateway.Client.PostAsync(
            "/api/v1/llm/keys",
            $$"""{"name":"k","scopes":["llm:invoke"],"limits":{{limits}}}"""
        );
        Assert.Equal([$"{field}: {rule}"], await Problem.ReadRulesAsync(response));
        using var keys = await gateway.Client.GetAsync("/api/v1/llm/keys");
        Assert.Empty((await keys.ReadAsync(200)).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Limits_ReadAndChanged_KeepAllDigits()
    {
        await using var gateway = await LimitedGateway.InMemoryAsync();
        const string Kept =
            """{"routes":["fast"],"budget":{"amount":999999.123456789,"period":"month"}"""
            + ""","requestsPerMinute":60,"tokensPerMinute":90000}""";
        var (id, _) = await gateway.NewKeyAsync(Kept);
        Assert.Equal(
            Kept,
            await gateway.Client.GetStringAsync(new Uri($"/api/v1/llm/keys/{id}/limits", UriKind.Relative))
        );
        var changed = await gateway.SetLimitsAsync(id, """{"requestsPerMinute":5}""");
        Assert.Equal("""{"requestsPerMinute":5}""", changed.GetRawText());
    }
}
