using System.Globalization;
using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Limits;
using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests.Pricing;

/// <summary>Anthropic's inference in the USA alone costs 1.1 times the rates of tokens.</summary>
public class InferenceGeoCostTests
{
    private const string Rates = """{"input":100,"output":100,"perRequest":1,"serviceTiers":{"fast":2}}""";

    [Theory]
    [InlineData("", "", "1.0010")]
    [InlineData("", ",\"inference_geo\":\"us\"", "1.0011")] // the workspace's default
    [InlineData(",\"inference_geo\":\"us\"", "", "1.0011")]
    [InlineData(",\"inference_geo\":\"us\"", ",\"inference_geo\":\"global\"", "1.0010")]
    [InlineData(",\"inference_geo\":\"global\"", ",\"inference_geo\":\"not_available\"", "1.0010")]
    [InlineData(",\"inference_geo\":\"us\",\"speed\":\"fast\"", ",\"speed\":\"fast\"", "1.0022")]
    public async Task Messages_Geography_MultipliesRates(string requested, string reported, string cost)
    {
        await using var provider = await FakeProvider.StartAsync();
        using var gateway = GatewayHost.Start(
            ("Providers:p:Kind", "Anthropic"),
            ("Providers:p:BaseUrl", provider.BaseUrl)
        );
        await (await gateway.Client.PutAsync("/api/v1/llm/prices/2020-01-01/m", Rates)).ReadAsync(201);
        provider.Behaviour = call => RespondAsync(call, reported);

        foreach (var stream in new[] { "false", "true" })
        {
            var body = $$"""
                {"model":"p/m","max_tokens":9,"stream":{{stream}}{{requested}},
                 "messages":[{"role":"user","content":"Hi"}]}
                """;
            Assert.Equal((Amount(cost), false), await gateway.CostAsync("/v1/messages", body));
        }
    }

    [Theory]
    [InlineData("", "0.0000044")] // the workspace's default may be the USA
    [InlineData("\"inference_geo\":\"us\",", "0.0000044")]
    [InlineData("\"inference_geo\":\"global\",", "0.000004")]
    public async Task Messages_HardBudget_ReservesMaxGeography(string field, string held)
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await LimitedGateway.WithAsync(provider);
        var (id, client) = await gateway.NewKeyAsync("""{"budget":{"amount":1,"period":"day"}}""");
        var reserved = 0m;
        provider.Behaviour = async call =>
        {
            reserved = (await gateway.BudgetAsync(id)).GetProperty("held").GetDecimal();
            await RespondAsync(call, "");
        };

        using var response = await client.PostAsync(
            "/v1/messages",
            $$"""
            {"model":"anthropic-fake/fake","max_tokens":4,{{field}}"messages":[{"role":"user","content":"Hello"}]}
            """
        );
        await response.ReadAsync(200);

        Assert.Equal(Amount(held), reserved);
    }

    [Fact]
    public async Task Messages_UnknownGeographyWithBudget_IsRefused()
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await LimitedGateway.WithAsync(provider);
        var (_, client) = await gateway.NewKeyAsync("""{"budget":{"amount":1,"period":"day"}}""");

        using var response = await client.PostAsync(
            "/v1/messages",
            """
            {"model":"anthropic-fake/fake","max_tokens":4,"inference_geo":"mars",
             "messages":[{"role":"user","content":"Hello"}]}
            """
        );

        var error = (await response.ReadAsync(400)).GetProperty("error").GetProperty("message").GetString();
        Assert.StartsWith("inference_geo is not allowed", error, StringComparison.Ordinal);
    }

    private static async Task RespondAsync(FakeCall call, string usage)
    {
        if (!call.IsStream)
        {
            await call.JsonAsync(
                200,
                $$$"""
                {"id":"m","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"Hi"}],
                 "stop_reason":"end_turn","usage":{"input_tokens":7,"output_tokens":3{{{usage}}}}}
                """
            );
            return;
        }

        await call.EventsAsync(
            $$$$"""
            {"type":"message_start","message":{"id":"m","model":"m","content":[],
             "usage":{"input_tokens":7,"output_tokens":1{{{{usage}}}}}}}
            """,
            """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":"Hi"}}""",
            """{"type":"content_block_stop","index":0}""",
            """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":3}}""",
            """{"type":"message_stop"}"""
        );
    }

    private static decimal Amount(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
