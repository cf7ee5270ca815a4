using System.Globalization;
using System.Text.Json;
using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Limits;
using CogniForge.Llm.Tests.Servers;
using Microsoft.Extensions.Logging;

namespace CogniForge.Llm.Tests.Pricing;

/// <summary>The service tier of the response determines its cost.</summary>
public class ServiceTierCostTests
{
    private const string Rates = """{"input":100,"output":100,"serviceTiers":{"priority":2,"flex":0.5,"fast":6}}""";

    [Theory]
    [InlineData("\"priority\"", "\"priority\"", "0.0020")]
    [InlineData("\"priority\"", "\"default\"", "0.0010")] // the response's tier, not the request's
    [InlineData("\"auto\"", "\"flex\"", "0.0005")]
    [InlineData("null", "\"priority\"", "0.0020")]
    [InlineData("\"flex\"", "null", "0.0005")] // the response names no tier
    [InlineData("\"auto\"", "null", "0.0010")]
    [InlineData("null", "null", "0.0010")]
    public async Task Chat_OpenAI_CostsResponseTier(string requested, string responseTier, string cost)
    {
        await using var provider = await FakeProvider.StartAsync();
        using var gateway = await StartAsync(provider, "OpenAI");
        provider.Behaviour = call => ChatAsync(call, responseTier);

        foreach (var stream in new[] { "false", "true" })
        {
            var body = $$"""
                {"model":"p/m","stream":{{stream}},"service_tier":{{requested}},
                 "messages":[{"role":"user","content":"Hi"}]}
                """;
            Assert.Equal((Amount(cost), false), await gateway.CostAsync("/v1/chat/completions", body));
        }
    }

    [Theory]
    [InlineData("\"speed\":\"fast\"", "\"service_tier\":\"standard\",\"speed\":\"fast\"", "0.0060")]
    [InlineData("\"speed\":\"fast\"", "\"service_tier\":\"standard\",\"speed\":\"standard\"", "0.0010")]
    [InlineData("\"speed\":\"fast\"", "\"service_tier\":\"standard\"", "0.0060")] // the response names no speed
    [InlineData("\"service_tier\":\"auto\"", "\"service_tier\":\"priority\"", "0.0020")]
    [InlineData("\"service_tier\":\"standard_only\"", "\"service_tier\":\"standard\"", "0.0010")]
    public async Task Chat_Anthropic_CostsResponseSpeedOrTier(
        string requested,
        string responseTier,
        string cost
    )
    {
        await using var provider = await FakeProvider.StartAsync();
        using var gateway = await StartAsync(provider, "Anthropic");
        provider.Behaviour = call => MessageAsync(call, responseTier);

        foreach (var stream in new[] { "false", "true" })
        {
            var body = $$"""
                {"model":"p/m","max_tokens":9,"stream":{{stream}},{{requested}},
                 "messages":[{"role":"user","content":"Hi"}]}
                """;
            Assert.Equal((Amount(cost), false), await gateway.CostAsync("/v1/messages", body));
        }

        // A translated request costs the same.
        var translated = $$"""
            {"model":"p/m",{{requested.Replace("standard_only", "default", StringComparison.Ordinal)}},
             "messages":[{"role":"user","content":"Hi"}]}
            """;
        Assert.Equal((Amount(cost), false), await gateway.CostAsync("/v1/chat/completions", translated));
    }

    [Fact]
    public async Task Chat_UnpricedTier_IsEstimatedAndWarnsOnce()
    {
        await using var provider = await FakeProvider.StartAsync();
        using var gateway = await StartAsync(provider, "OpenAI");
        provider.Behaviour = call => ChatAsync(call, "\"scale\"");

        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(
                (0.001m, true),
                await gateway.CostAsync(
                    "/v1/chat/completions",
                    """{"model":"p/m","messages":[{"role":"user","content":"Hi"}]}"""
                )
            );
        }

        Assert.Single(
            gateway.Logged(LogLevel.Warning),
            l => l.Contains("p/m has no multiplier for the service tier scale", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("", 0.000004)]
    [InlineData("\"service_tier\":\"default\",", 0.000004)]
    [InlineData("\"service_tier\":\"priority\",", 0.000008)]
    [InlineData("\"service_tier\":\"flex\",", 0.000004)] // the provider may use the standard tier
    [InlineData("\"service_tier\":\"auto\",", 0.000024)]
    public async Task Chat_HardBudget_ReservesMaxTierCost(string tier, decimal maxCost)
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await LimitedGateway.WithAsync(provider);
        await (
            await gateway.Client.PutAsync(
                "/api/v1/llm/prices/2020-01-01/fake",
                """{"input":0,"output":1,"serviceTiers":{"priority":2,"flex":0.5,"fast":6}}"""
            )
        ).ReadAsync(200);
        var body = $$"""{"model":"fake/fake","max_tokens":4,{{tier}}"messages":[{"role":"user","content":"Hello"}]}""";

        var (_, tooLittle) = await gateway.NewKeyAsync(Budget(maxCost - 0.000001m));
        Assert.Equal(402, await tooLittle.StatusAsync(body));
        Assert.Empty(provider.Calls);

        var (id, enough) = await gateway.NewKeyAsync(Budget(maxCost));
        provider.Behaviour = async call =>
        {
            Assert.Equal(maxCost, (await gateway.BudgetAsync(id)).GetProperty("held").GetDecimal());
            await call.RespondAsync("Hello");
        };
        Assert.Equal(200, await enough.StatusAsync(body));

        static string Budget(decimal amount) =>
            $$$"""{"budget":{"amount":{{{amount.ToString(CultureInfo.InvariantCulture)}}},"period":"day"}}""";
    }

    [Fact]
    public async Task Chat_ClientDisconnects_CountsMaxTierCost()
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await LimitedGateway.WithAsync(provider);
        await (
            await gateway.Client.PutAsync(
                "/api/v1/llm/prices/2020-01-01/fake",
                """{"input":0,"output":1,"serviceTiers":{"priority":2}}"""
            )
        ).ReadAsync(200);
        var (id, client) = await gateway.NewKeyAsync("""{"budget":{"amount":1,"period":"day"}}""");
        using var disconnect = new CancellationTokenSource();
        provider.Behaviour = async call =>
        {
            await disconnect.CancelAsync();
            await call.HangAsync();
        };

        using var body = Requests.Json(
            """
            {"model":"fake/fake","max_tokens":4,"service_tier":"auto","messages":[{"role":"user","content":"Hello"}]}
            """
        );
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            client.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), body, disconnect.Token)
        );

        await Until.EqualAsync(
            0.000008m,
            async () => (await gateway.BudgetAsync(id)).GetProperty("spent").GetDecimal()
        );
    }

    private static async Task<GatewayHost> StartAsync(FakeProvider provider, string kind)
    {
        var gateway = GatewayHost.Start(
            ("Providers:p:Kind", kind),
            ("Providers:p:BaseUrl", provider.BaseUrl),
            ("Providers:p:ApiKey", "secret")
        );
        await (await gateway.Client.PutAsync("/api/v1/llm/prices/2026-01-01/m", Rates)).ReadAsync(201);
        return gateway;
    }

    private static async Task ChatAsync(FakeCall call, string tier)
    {
        const string Usage = """{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}""";
        if (!call.IsStream)
        {
            await call.JsonAsync(
                200,
                $$"""
                {"id":"c","object":"chat.completion","created":1,"model":"m","service_tier":{{tier}},
                 "choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],
                 "usage":{{Usage}}}
                """
            );
            return;
        }

        foreach (
            var (choices, usage) in new[]
            {
                ("""[{"index":0,"delta":{"role":"assistant","content":"Hello"},"finish_reason":null}]""", "null"),
                ("""[{"index":0,"delta":{},"finish_reason":"stop"}]""", "null"),
                ("[]", Usage),
            }
        )
        {
            await call.DataAsync(
                $$"""{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","service_tier":{{tier}},"""
                    + $$"""
                    "choices":{{choices}},"usage":{{usage}}}
                    """
            );
        }

        await call.DoneAsync();
    }

    private static async Task MessageAsync(FakeCall call, string tier)
    {
        var message =
            """{"id":"m","type":"message","role":"assistant","model":"m","content":[CONTENT],"stop_reason":REASON,"""
            + $$$"""
                "stop_sequence":null,"usage":{"input_tokens":7,"output_tokens":3,{{{tier}}}}}
                """;
        if (!call.IsStream)
        {
            await call.JsonAsync(
                200,
                message
                    .Replace("CONTENT", """{"type":"text","text":"Hello"}""", StringComparison.Ordinal)
                    .Replace("REASON", "\"end_turn\"", StringComparison.Ordinal)
            );
            return;
        }

        var start = message
            .Replace("CONTENT", "", StringComparison.Ordinal)
            .Replace("REASON", "null", StringComparison.Ordinal);
        foreach (
            var data in new[]
            {
                $$"""{"type":"message_start","message":{{start}}}""",
                """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
                """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}""",
                """{"type":"content_block_stop","index":0}""",
                """{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"""
                    + """
                    "usage":{"output_tokens":3}}
                    """,
                """{"type":"message_stop"}""",
            }
        )
        {
            await call.WriteAsync(
                $"event: {JsonDocument.Parse(data).RootElement.GetProperty("type").GetString()}\ndata: {data}\n\n"
            );
        }
    }

    private static decimal Amount(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
