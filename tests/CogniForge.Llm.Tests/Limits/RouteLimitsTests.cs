using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests.Limits;

/// <summary>What all requests of a route together are limited to.</summary>
[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public class RouteLimitsTests(RealServers servers)
{
    private readonly FakeTimeProvider _time = new(TestTime.Start);

    [Fact]
    public async Task Requests_AllKeysAndNames_CountTogether()
    {
        await using var gateway = await RoutedAsync("""{"requestsPerMinute":2}""");
        var (_, one) = await gateway.NewKeyAsync("{}");
        var (_, other) = await gateway.NewKeyAsync("""{"requestsPerMinute":100}""");

        using var first = await one.ChatAsync(Hello("fast"));
        await first.ReadAsync(200);
        Assert.Null(first.Header("x-ratelimit-limit-requests")); // it tells of keys, and this one has no limit
        using var second = await other.ChatAsync(Hello("quick"));
        await second.ReadAsync(200);
        Assert.Equal(
            ("100", "99"),
            (second.Header("x-ratelimit-limit-requests"), second.Header("x-ratelimit-remaining-requests"))
        );

        using var refused = await one.ChatAsync(Hello("fast"));
        var error = await OpenAiError.ReadAsync(refused, 429);
        Assert.Equal(
            (
                "rate_limit_error",
                "rate_limit_exceeded",
                "The limit of 2 requests per minute on the route 'fast' is reached."
            ),
            (error.Type, error.Code, error.Message)
        );
        Assert.Equal(
            ("30", "true", "fast"),
            (refused.Header("retry-after"), refused.Header("x-should-retry"), refused.Header("x-cogniforge-route"))
        );
        Assert.Equal(
            ("2", "0", "1m0s"),
            (
                refused.Header("x-ratelimit-limit-requests"),
                refused.Header("x-ratelimit-remaining-requests"),
                refused.Header("x-ratelimit-reset-requests")
            )
        );
        Assert.Equal((200, 200), (await one.StatusAsync(Hello("free")), await one.StatusAsync(Hello("mock/mock"))));

        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal((200, 429), (await one.StatusAsync(Hello("quick")), await other.StatusAsync(Hello("fast"))));
    }

    [Fact]
    public async Task Tokens_PerMinute_AreEstimatedThenCorrected()
    {
        await using var gateway = await RoutedAsync("""{"tokensPerMinute":10}""");
        const string Body = """{"model":"fast","messages":[{"role":"user","content":"Hello"}]}""";

        // Estimated at 2, and 6 in truth: after two answers the limit is overdrawn by 2.
        Assert.Equal((200, 200), (await gateway.Client.StatusAsync(Body), await gateway.Client.StatusAsync(Body)));
        using var refused = await gateway.Client.ChatAsync(Body);
        Assert.Equal(
            "The limit of 10 tokens per minute on the route 'fast' is reached: 0 remain, and this request may need 2.",
            (await OpenAiError.ReadAsync(refused, 429)).Message
        );
        Assert.Equal("24", refused.Header("retry-after"));
        _time.Advance(TimeSpan.FromSeconds(24));
        Assert.Equal(200, await gateway.Client.StatusAsync(Body));
    }

    [Fact]
    public async Task Messages_LimitReached_ReturnsAnthropicError()
    {
        await using var gateway = await RoutedAsync("""{"requestsPerMinute":1}""");
        using var answered = await gateway.Client.ChatAsync(Hello("fast"), "/v1/messages");
        await answered.ReadAsync(200);

        using var refused = await gateway.Client.ChatAsync(Hello("fast"), "/v1/messages");

        var error = (await refused.ReadAsync(429)).GetProperty("error");
        Assert.Equal(
            ("rate_limit_error", "The limit of 1 requests per minute on the route 'fast' is reached."),
            (error.GetProperty("type").GetString(), error.GetProperty("message").GetString())
        );
        Assert.Equal(("60", "true"), (refused.Header("retry-after"), refused.Header("x-should-retry")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RouteLimit_Refuses_KeyPaysNothing(bool onServers)
    {
        await using var gateway = await RoutedAsync("""{"tokensPerMinute":6}""", onServers);
        var (_, client) = await gateway.NewKeyAsync(
            """{"requestsPerMinute":6,"tokensPerMinute":1000,"budget":{"amount":0.000012,"period":"day"}}"""
        );
        Assert.Equal(200, await client.ChatWithRetriesAsync(Hello("fast")));

        // Each of them may cost a third of the budget.
        for (var i = 0; i < 5; i++)
        {
            using var refused = await client.ChatAsync(Hello("fast"));
            Assert.Contains(
                "on the route 'fast'",
                (await OpenAiError.ReadAsync(refused, 429)).Message,
                StringComparison.Ordinal
            );
            Assert.Equal(
                ("6", null),
                (refused.Header("x-ratelimit-limit-tokens"), refused.Header("x-ratelimit-limit-requests"))
            );
        }

        // Settling goes on aside; the second answer of the key tells what it has paid.
        using var answered = await client.ChatAsync(Hello("free"));
        await answered.ReadAsync(200);
        Assert.Equal("4", answered.Header("x-ratelimit-remaining-requests"));
        await Until.EqualAsync(200, () => client.StatusAsync(Hello("free")));
        await Until.EqualAsync(402, () => client.StatusAsync(Hello("free")));
    }

    [Fact]
    public async Task KeyLimit_Refuses_RoutePaysNothing()
    {
        await using var gateway = await RoutedAsync("""{"requestsPerMinute":3,"tokensPerMinute":1000}""");
        var (_, slow) = await gateway.NewKeyAsync("""{"requestsPerMinute":1}""");
        var (_, poor) = await gateway.NewKeyAsync("""{"budget":{"amount":0,"period":"day"}}""");
        Assert.Equal(200, await slow.StatusAsync(Hello("fast")));
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal((429, 402), (await slow.StatusAsync(Hello("fast")), await poor.StatusAsync(Hello("fast"))));
        }

        Assert.Equal(
            (200, 200, 429),
            (
                await gateway.Client.StatusAsync(Hello("fast")),
                await gateway.Client.StatusAsync(Hello("fast")),
                await gateway.Client.StatusAsync(Hello("fast"))
            )
        );
    }

    [Fact]
    public async Task Cached_Response_CountsForNoLimit()
    {
        await using var gateway = await RoutedAsync("""{"requestsPerMinute":1}""", cache: """{"lifetimeSeconds":60}""");
        Assert.Equal(
            (200, 200, 200),
            (
                await gateway.Client.StatusAsync(Hello("fast")),
                await gateway.Client.StatusAsync(Hello("fast")),
                await gateway.Client.StatusAsync(Hello("fast"))
            )
        );
        Assert.Equal(
            429,
            await gateway.Client.StatusAsync("""{"model":"fast","messages":[{"role":"user","content":"Another"}]}""")
        );
    }

    [Fact]
    public async Task Refusal_OfRoute_IsInLogAndMetrics()
    {
        await using var gateway = await LimitedGateway.InMemoryAsync();
        await PutAsync(gateway, "fast", """{"requestsPerMinute":1}""");
        Assert.Equal(
            (200, 429),
            (await gateway.Client.StatusAsync(Hello("fast")), await gateway.Client.StatusAsync(Hello("fast")))
        );

        await Until.EqualAsync(
            1,
            async () =>
            {
                using var log = await gateway.Client.GetAsync(
                    "/api/v1/llm/requests?error=route_rate_limited&route=fast&status=429"
                );
                return (await log.ReadAsync(200)).GetProperty("items").GetArrayLength();
            }
        );
        Assert.Contains(
            """cogniforge_llm_failures_total{error_type="route_rate_limited"} 1""",
            await gateway.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Limit_TwoReplicas_IsShared()
    {
        const int Limit = 40;
        var database = await servers.NewDatabaseAsync();
        await using var one = await LimitedGateway.OnAsync(servers, database, _time);
        await using var other = await LimitedGateway.OnAsync(servers, database, _time);
        var route = $"shared-{Guid.CreateVersion7():n}";
        await PutAsync(one, route, $$"""{"requestsPerMinute":{{Limit}}}""");
        await Until.EqualAsync(
            200,
            async () => (int)(await other.Client.GetAsync($"/api/v1/llm/routes/{route}")).StatusCode
        );

        var statuses = await Task.WhenAll(
            Enumerable.Range(0, 2 * Limit).Select(i => (i % 2 == 0 ? one : other).Client.StatusAsync(Hello(route)))
        );

        Assert.Equal((Limit, Limit), (statuses.Count(s => s == 200), statuses.Count(s => s == 429)));
    }

    [Fact]
    public async Task Limit_RedisUnavailable_IsKeptPerReplica()
    {
        await using var gateway = GatewayHost.Start(
            ("ConnectionStrings:cache", "127.0.0.1:1,abortConnect=false"),
            ("Routes:fast:Targets:0:Provider", "mock"),
            ("Routes:fast:Targets:0:Model", "mock"),
            ("Routes:fast:Limits:RequestsPerMinute", "2")
        );
        Assert.Equal(
            (200, 200, 429),
            (
                await gateway.Client.StatusAsync(Hello("fast")),
                await gateway.Client.StatusAsync(Hello("fast")),
                await gateway.Client.StatusAsync(Hello("fast"))
            )
        );
    }

    private static string Hello(string model) =>
        $$"""{"model":"{{model}}","messages":[{"role":"user","content":"Hello"}],"max_tokens":4}""";

    /// <summary>
    /// A gateway with the limited route <c>fast</c>, which is also called <c>quick</c>, and the route <c>free</c>
    /// without limits.
    /// </summary>
    private async Task<LimitedGateway> RoutedAsync(string limits, bool onServers = false, string cache = "null")
    {
        var gateway = onServers
            ? await LimitedGateway.OnAsync(servers, await servers.NewDatabaseAsync(), _time)
            : await LimitedGateway.InMemoryAsync(_time);
        await PutAsync(gateway, "fast", limits, cache, "\"quick\"");
        await PutAsync(gateway, "free", "{}");
        return gateway;
    }

    private static async Task PutAsync(
        LimitedGateway gateway,
        string route,
        string limits,
        string cache = "null",
        string aliases = ""
    )
    {
        using var put = await gateway.Client.PutAsync(
            $"/api/v1/llm/routes/{route}",
            $$"""
            {"targets":[{"provider":"mock","model":"mock"}],"aliases":[{{aliases}}],
             "limits":{{limits}},"cache":{{cache}}}
            """
        );
        await put.ReadAsync(201);
    }
}
