using System.Text.Json;

namespace CogniForge.Llm.Tests.PassThrough;

/// <summary>
/// Codex compacts its conversations with <c>/v1/responses/compact</c>, and OpenAI's SDKs count with
/// <c>/v1/responses/input_tokens</c> (developers.openai.com/api/reference/resources/responses).
/// </summary>
public sealed class ResponsesCompactTests(PassThroughGateway gateway) : IClassFixture<PassThroughGateway>
{
    private const string Budget = """{"budget":{"amount":1,"period":"total"}}""";
    private const string Compact = "/v1/responses/compact";
    private const string Count = "/v1/responses/input_tokens";

    [Fact]
    public async Task Compact_OfRoute_IsPassedAndCharged()
    {
        await gateway.SetPriceAsync("gpt-compact", """{"input":1000,"output":2000,"cacheRead":100}""");
        gateway.OpenAi.RespondJson(
            """
            {"id":"resp_1","object":"response.compaction","output":[{"type":"compaction","encrypted_content":"e"}],
             "usage":{"input_tokens":30,"input_tokens_details":{"cached_tokens":10},"output_tokens":5}}
            """
        );

        using var response = await gateway.Client.PostAsync(
            Compact,
            """{"model":"openai/gpt-compact","input":[{"role":"user","content":"Hi"}],"instructions":"i"}"""
        );

        var body = await response.ReadAsync(200);
        Assert.Equal("compaction", body.GetProperty("output")[0].GetProperty("type").GetString());
        Assert.Equal("/v1/responses/compact", gateway.OpenAi.Last.Path);
        Assert.Equal(
            """{"model":"gpt-compact","input":[{"role":"user","content":"Hi"}],"instructions":"i"}""",
            gateway.OpenAi.Last.Text
        );
        var logged = await gateway.LoggedAsync("gpt-compact");
        Assert.Equal(0.031m, logged.GetProperty("cost").GetDecimal());
        Assert.Equal("responses_compact", logged.GetProperty("protocol").GetString());
    }

    /// <summary>As in a response, OpenAI would refuse the reasoning of another provider.</summary>
    [Theory]
    [InlineData(Compact)]
    [InlineData(Count)]
    public async Task Post_ReasoningOfOtherProvider_IsRemoved(string path)
    {
        gateway.OpenAi.RespondJson("""{"id":"resp_1","object":"response.compaction","output":[]}""");

        using var response = await gateway.Client.PostAsync(
            path,
            """
            {"model":"openai/gpt-5","input":[{"role":"user","content":"Hi"},
              {"type":"reasoning","summary":[],"content":[{"type":"reasoning_text","text":"Hm"}]}]}
            """
        );

        await response.ReadAsync(200);
        Assert.Equal(
            """{"model":"gpt-5","input":[{"role":"user","content":"Hi"}]}""",
            gateway.OpenAi.Last.Text
        );
    }

    [Fact]
    public async Task InputTokens_WithBudget_IsFree()
    {
        await gateway.SetPriceAsync("gpt-count", """{"input":1000000,"output":1000000}""");
        using var client = await gateway.NewKeyAsync(Budget);
        gateway.OpenAi.RespondJson("""{"object":"response.input_tokens","input_tokens":11}""");

        using var response = await client.PostAsync(Count, """{"model":"openai/gpt-count","input":"Hi"}""");

        Assert.Equal(11, (await response.ReadAsync(200)).GetProperty("input_tokens").GetInt32());
        Assert.Equal(0, (await gateway.LoggedAsync("gpt-count")).GetProperty("cost").GetDecimal());
    }

    /// <summary>A compaction has no limit of output tokens.</summary>
    [Fact]
    public async Task Compact_WithBudget_IsRefused()
    {
        await gateway.SetPriceAsync("gpt-bound", """{"input":1,"output":1}""");
        using var client = await gateway.NewKeyAsync(Budget);

        using var response = await client.PostAsync(Compact, """{"model":"openai/gpt-bound","input":"Hi"}""");

        Assert.Equal("cost_not_bounded", (await OpenAiError.ReadAsync(response, 403)).Code);
    }

    [Theory]
    [InlineData(Compact)]
    [InlineData(Count)]
    public async Task Post_ResponseOfOtherKey_Returns404(string path)
    {
        using var client = await gateway.NewKeyAsync();

        using var response = await client.PostAsync(
            path,
            """{"model":"openai/gpt-5","input":"Hi","previous_response_id":"resp_of_another"}"""
        );

        Assert.Equal("reference_not_found", (await OpenAiError.ReadAsync(response, 404)).Code);
    }

    [Theory]
    [InlineData(Compact)]
    [InlineData(Count)]
    public async Task Post_ProviderWithoutResponses_Returns400(string path)
    {
        using var response = await gateway.Client.PostAsync(path, """{"model":"spare/m","input":"Hi"}""");

        var error = await OpenAiError.ReadAsync(response, 400);
        Assert.Contains(path["/v1/".Length..], error.Message, StringComparison.Ordinal);
    }
}
