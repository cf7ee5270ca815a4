using System.Globalization;
using System.Text.Json;
using CogniForge.Llm.BudgetedRequests;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Routing;
using CogniForge.Llm.Tests.Fakes;

namespace CogniForge.Llm.Tests.Limits;

/// <summary>A budget covers the fees for the provider's own tools, by the bound that the request sets.</summary>
public class ToolFeeBudgetTests
{
    // The model costs a millionth of a USD for each output token, and a search a hundredth.
    private const string Search = """
        {"model":"anthropic-fake/fake","max_tokens":4,"messages":[{"role":"user","content":"Hello"}],
         "tools":[{"type":"web_search_20250305","name":"web_search","max_uses":5}]}
        """;

    private const string Responses = """
        {"model":"openai-fake/fake","max_output_tokens":4,"input":"Hello","max_tool_calls":3,"store":false,
         "tools":[{"type":"web_search"},{"type":"code_interpreter","container":{"type":"auto"}}]}
        """;

    [Theory]
    [InlineData("0.05", 402)]
    [InlineData("0.05001", 200)]
    public async Task Messages_MaxUses_ReservesFees(string budget, int status)
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await LimitedGateway.WithAsync(provider);
        var (id, client) = await gateway.NewKeyAsync($$$"""{"budget":{"amount":{{{budget}}},"period":"day"}}""");
        var held = 0m;
        provider.Behaviour = async call =>
        {
            held = (await gateway.BudgetAsync(id)).GetProperty("held").GetDecimal();
            await call.JsonAsync(
                200,
                """
                {"id":"m","type":"message","role":"assistant","model":"fake","content":[{"type":"text","text":"ok"}],
                 "stop_reason":"end_turn","usage":{"input_tokens":9,"output_tokens":2,
                 "server_tool_use":{"web_search_requests":3}}}
                """
            );
        };

        using var response = await client.ChatAsync(Search, "/v1/messages");

        await response.ReadAsync(status);
        Assert.Equal(status == 200 ? 0.0500044m : 0, held);
        await Until.EqualAsync(
            status == 200 ? 0.030002m : 0,
            async () => (await gateway.BudgetAsync(id)).GetProperty("spent").GetDecimal()
        );
    }

    [Theory]
    [InlineData("0.09", 402)] // three containers at 0.03 USD
    [InlineData("0.09001", 200)]
    public async Task Responses_MaxToolCalls_ReservesHighestFee(string budget, int status)
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await LimitedGateway.WithAsync(provider);
        var (_, client) = await gateway.NewKeyAsync($$$"""{"budget":{"amount":{{{budget}}},"period":"day"}}""");
        provider.Behaviour = call =>
            call.JsonAsync(
                200,
                """{"id":"r","status":"completed","output":[],"usage":{"input_tokens":9,"output_tokens":2}}"""
            );

        using var response = await client.ChatAsync(Responses, "/v1/responses");

        await response.ReadAsync(status);
    }

    [Theory]
    [InlineData(Search, "\"max_uses\":5", "\"max_uses\":0", "max_uses")]
    [InlineData(Search, "\"max_uses\":5", "\"max_uses\":101", "max_uses")]
    [InlineData(Search, "\"max_uses\":5", "\"max_uses\":\"5\"", "max_uses")]
    [InlineData(Search, "\"max_uses\":5", "\"max_uses\":5,\"max_uses\":50", "max_uses")]
    [InlineData(Search, "web_search_20250305", "web_fetch_20250910", "max_content_tokens")]
    [InlineData(Search, "web_search_20250305", "code_execution_20260120", "only tools that the client runs")]
    [InlineData(Responses, "\"max_tool_calls\":3", "\"max_tool_calls\":null", "max_tool_calls")]
    [InlineData(Responses, "{\"type\":\"web_search\"}", "{\"type\":\"image_generation\"}", "only tools that the")]
    [InlineData(Responses, "{\"type\":\"auto\"}", "{\"type\":\"auto\",\"memory_limit\":\"64g\"}", "container")]
    [InlineData(
        Responses,
        "{\"type\":\"web_search\"}",
        "{\"type\":\"namespace\",\"name\":\"n\",\"tools\":[{\"type\":\"web_search\"}]}",
        "max_tool_calls"
    )]
    public async Task Tool_WithoutBound_Returns400(string body, string old, string changed, string rule)
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await LimitedGateway.WithAsync(provider);
        var (_, client) = await gateway.NewKeyAsync("""{"budget":{"amount":1,"period":"day"}}""");

        using var refused = await client.ChatAsync(
            body.Replace(old, changed, StringComparison.Ordinal),
            body == Search ? "/v1/messages" : "/v1/responses"
        );

        var message = (await refused.ReadAsync(400)).GetProperty("error").GetProperty("message").GetString();
        Assert.Contains("tools[", message, StringComparison.Ordinal);
        Assert.Contains(rule, message, StringComparison.Ordinal);
        Assert.Empty(provider.Calls);
    }

    /// <summary>An unknown server may charge any fee, but does not get the tool.</summary>
    [Fact]
    public async Task Tool_DroppedByTranslation_NeedsNoFee()
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await LimitedGateway.WithAsync(provider);
        var (_, client) = await gateway.NewKeyAsync("""{"budget":{"amount":0.00001,"period":"day"}}""");

        using var response = await client.ChatAsync(
            Search.Replace("anthropic-fake/", "fake/", StringComparison.Ordinal),
            "/v1/messages"
        );

        await response.ReadAsync(200);
        Assert.False(provider.Calls.Single().Body.TryGetProperty("tools", out _));
    }

    /// <summary>The translation of a chat keeps Anthropic's own tools.</summary>
    [Theory]
    [InlineData("0.05", 402)]
    [InlineData("0.05001", 200)]
    public async Task Chat_AnthropicsTool_ReservesFees(string budget, int status)
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await LimitedGateway.WithAsync(provider);
        var (_, client) = await gateway.NewKeyAsync($$$"""{"budget":{"amount":{{{budget}}},"period":"day"}}""");

        using var response = await client.ChatAsync(Search);

        await response.ReadAsync(status);
        Assert.All(provider.Calls, c => Assert.Equal(1, c.Body.GetProperty("tools").GetArrayLength()));
    }

    [Theory]
    [InlineData("""{"web_search":5,"web_fetch":2}""", null, "0.05")] // the sum; fetches are free
    [InlineData("""{"web_search":5,"web_fetch":5}""", 5, "0.05")]
    [InlineData("""{"file_search":5}""", 5, null)] // Anthropic has none
    [InlineData("{}", 5, "0")]
    [InlineData("{}", null, "0")]
    public void GetMaxFees_Uses_CoversAllOfThem(string uses, int? maxCalls, string? fees) =>
        Assert.Equal(
            fees is null ? null : decimal.Parse(fees, CultureInfo.InvariantCulture),
            new ToolUseBound(JsonSerializer.Deserialize<Dictionary<string, int>>(uses)!, maxCalls, 0).GetMaxFees(
                new Price("m", null, default, 0, 0),
                ProviderProfiles.For(ProviderKind.Anthropic)
            )
        );

    /// <summary>The provider sends the input again after each use, with all results so far.</summary>
    [Theory]
    [InlineData("{}", 1_000)]
    [InlineData("""{"web_search":1}""", (2 * 5_096) + 10_000)]
    [InlineData("""{"web_search":2}""", (3 * 5_096) + 10_000 + 20_000)]
    [InlineData("""{"web_search":1000000}""", int.MaxValue)]
    public void BoundInput_Uses_CoversRepeatedInput(string uses, int tokens) =>
        Assert.Equal(
            tokens,
            new ToolUseBound(JsonSerializer.Deserialize<Dictionary<string, int>>(uses)!, null, 10_000).BoundInput(1_000)
        );
}
