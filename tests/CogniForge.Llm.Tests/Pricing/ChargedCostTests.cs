using System.Text.Json;
using CogniForge.Llm.Protocols.OpenAI.Chat;
using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests.Pricing;

/// <summary>OpenRouter reports the cost of a response.</summary>
public class ChargedCostTests
{
    private const string Usage = """{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10,"cost":0.00123}""";

    [Theory]
    [InlineData("""{"cost":0.95}""", "0.95")]
    [InlineData("""{"cost":1.5e-5}""", "0.000015")]
    [InlineData("""{"cost":0}""", "0")]
    [InlineData("""{"cost":0.00014999999999999999}""", "0.00015")]
    [InlineData("""{"cost":0.05,"is_byok":true,"cost_details":{"upstream_inference_cost":0.95}}""", "1.00")]
    [InlineData("""{"cost":0.95,"is_byok":false,"cost_details":{"upstream_inference_cost":0.95}}""", "0.95")]
    [InlineData("""{"cost":0.95,"is_byok":true,"cost_details":{"upstream_inference_cost":null}}""", "0.95")]
    [InlineData("""{"cost":null}""", null)]
    [InlineData("""{"cost":-1}""", null)]
    [InlineData("""{"cost":1e300}""", null)]
    [InlineData("""{"cost":{"total":1}}""", null)]
    [InlineData("""{"cost":"0.00123"}""", "0.00123")]
    [InlineData("""{"cost":"1,5"}""", null)]
    [InlineData("""{"cost":"-1"}""", null)]
    [InlineData("{}", null)]
    [InlineData("null", null)]
    // docs.x.ai/developers/cost-tracking: ten billion ticks per USD.
    [InlineData("""{"cost_in_usd_ticks":37756000}""", "0.0037756")]
    [InlineData("""{"cost_in_usd_ticks":-1,"cost":1}""", "1")]
    // vercel/ai#13705: Perplexity's object, with its fee per request.
    [InlineData("""{"cost":{"input_tokens_cost":0.00015,"request_cost":0.005,"total_cost":0.00515}}""", "0.00515")]
    [InlineData("""{"cost":{"total_cost":null}}""", null)]
    public void Cost_Usage_ReadsValidAmounts(string usage, string? cost) =>
        Assert.Equal(
            cost is null ? null : decimal.Parse(cost, System.Globalization.CultureInfo.InvariantCulture),
            ChatUsage.Cost(JsonDocument.Parse(usage).RootElement)?.Amount
        );

    [Theory]
    [InlineData("OpenRouter", false, "0.00123")]
    [InlineData("OpenRouter", true, "0.00123")]
    [InlineData("OpenAICompatible", false, "0.0010")] // unknown currency: the price table applies
    [InlineData("OpenAICompatible", true, "0.0010")]
    public Task Chat_ReportedCost_CountsForOpenRouterOnly(string kind, bool stream, string cost) =>
        AssertCostAsync(kind, Usage, stream, cost);

    [Theory]
    [InlineData(""","cost_in_usd_ticks":37756000}""", "0.0037756")]
    [InlineData(""","cost":{"request_cost":0.005,"total_cost":0.00515}}""", "0.00515")]
    public async Task Chat_CostInUsd_CountsForAnyProvider(string cost, string expected)
    {
        foreach (var stream in new[] { false, true })
        {
            await AssertCostAsync(
                "OpenAICompatible",
                """{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10""" + cost,
                stream,
                expected
            );
        }
    }

    private static async Task AssertCostAsync(string kind, string usage, bool stream, string cost)
    {
        await using var provider = await FakeProvider.StartAsync();
        provider.Behaviour = async call =>
        {
            if (call.IsStream)
            {
                await call.BeginAsync();
                await call.ChunkAsync("Hello");
                await call.FinishAsync();
                await call.DataAsync(
                    """{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":"""
                        + $"{usage}}}"
                );
                await call.DoneAsync();
            }
            else
            {
                await call.JsonAsync(
                    200,
                    $$"""
                    {"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,
                     "message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{{usage}}}
                    """
                );
            }
        };
        using var gateway = GatewayHost.Start(
            ("Providers:router:Kind", kind),
            ("Providers:router:BaseUrl", provider.BaseUrl)
        );
        await (
            await gateway.Client.PutAsync("/api/v1/llm/prices/2026-01-01/m", """{"input":100,"output":100}""")
        ).ReadAsync(201);

        Assert.Equal(
            "Hello",
            (
                await Reply.ReadAsync(
                    gateway.Client,
                    $$"""
                    {"model":"router/m","stream":{{(stream ? "true" : "false")}},
                     "messages":[{"role":"user","content":"Hi"}]}
                    """
                )
            ).Text
        );

        await Until.EqualAsync(
            decimal.Parse(cost, System.Globalization.CultureInfo.InvariantCulture),
            async () =>
                (await (await gateway.Client.GetAsync("/api/v1/llm/usage")).ReadAsync(200))
                    .GetProperty("totals")
                    .GetProperty("cost")
                    .GetDecimal()
        );
    }
}
