using Anthropic.Models.Messages;
using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Limits;
using CogniForge.Llm.Tests.Protocols;

namespace CogniForge.Llm.Tests.Sdks;

/// <summary>Anthropic's count_tokens through Anthropic's SDK.</summary>
public class CountTokensTests(SdkGateway gateway) : IClassFixture<SdkGateway>
{
    [Fact]
    public async Task Count_AnthropicModel_ForwardsToAnthropic()
    {
        gateway.Provider(Api.Anthropic).Behaviour = call => call.JsonAsync(200, """{"input_tokens":1234}""");
        var count = await CountAsync(gateway.Model(Api.Anthropic));
        Assert.Equal(1234, count.InputTokens);
        Assert.DoesNotContain("estimated", count.RawData.Keys);

        var call = gateway.Provider(Api.Anthropic).Calls[^1];
        Assert.Equal("/v1/messages/count_tokens", call.Path);
        Assert.Equal(AnthropicWire.Key, call.Headers["x-api-key"]);
        Wire.AssertEqual(
            $$"""
            {"model":"{{call.Model}}","messages":[{"role":"user","content":"Twelve chars"}],"system":"Be brief"}
            """,
            System.Text.Json.JsonSerializer.SerializeToNode(call.Body)
        );
    }

    /// <summary>As in the request itself: Anthropic rejects thinking that it did not sign.</summary>
    [Fact]
    public async Task Count_ForeignThinking_IsRemoved()
    {
        gateway.Provider(Api.Anthropic).Behaviour = call => call.JsonAsync(200, """{"input_tokens":12}""");
        using var response = await gateway.Client.PostAsync(
            "/v1/messages/count_tokens",
            $$"""
            {"model":"{{gateway.Model(Api.Anthropic)}}","messages":[{"role":"user","content":"Hi"},{"role":"assistant",
              "content":[{"type":"thinking","thinking":"hm","signature":""},{"type":"text","text":"a"}]}]}
            """
        );

        await response.ReadAsync(200);
        var messages = gateway.Provider(Api.Anthropic).Calls[^1].Body.GetProperty("messages");
        Assert.Equal("""[{"type":"text","text":"a"}]""", messages[1].GetProperty("content").GetRawText());
    }

    [Fact]
    public async Task Count_OtherProvidersModel_ReturnsEstimate()
    {
        var before = gateway.Provider(Api.OpenAI).Calls.Count;
        var count = await CountAsync(gateway.Model(Api.OpenAI));
        Assert.Equal(5, count.InputTokens); // as o200k_base
        Assert.True(count.RawData["estimated"].GetBoolean());
        Assert.Equal(before, gateway.Provider(Api.OpenAI).Calls.Count);
    }

    [Fact]
    public async Task Count_ProviderError_ThrowsSdkException()
    {
        gateway.Provider(Api.Anthropic).Behaviour = call =>
            AnthropicWire.ErrorAsync(call, 400, "invalid_request_error", "messages.0: no");
        var error = await Assert.ThrowsAsync<Anthropic.Exceptions.AnthropicBadRequestException>(() =>
            CountAsync(gateway.Model(Api.Anthropic))
        );
        Assert.Contains("messages.0: no", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Count_FirstTargetFails_UsesNextTarget()
    {
        await using var faulty = await FaultyGateway.StartAsync();
        faulty.Primary.Behaviour = call => call.JsonAsync(529, "{}");
        using var response = await faulty.Client.PostAsync(
            "/v1/messages/count_tokens",
            """{"model":"mixed","messages":[{"role":"user","content":"Twelve chars"}]}"""
        );
        Assert.True((await response.ReadAsync(200)).GetProperty("estimated").GetBoolean());
        Assert.Single(faulty.Primary.Calls);
    }

    public static TheoryData<string, int, int> Texts =>
        new()
        {
            { string.Concat(Enumerable.Repeat("中文", 5_000)), 5_000, 15_000 },
            { string.Concat(Enumerable.Repeat("{\\\"a\\\":1},", 5_000)), 15_000, 25_000 }, // o200k_base: 20,001
            { string.Concat(Enumerable.Repeat("Some words ", 5_000)), 10_000, 20_000 },
            { "data:image/png;base64," + new string('A', 100_000), 1_000, 1_000 },
            { new string('A', 100_000), 1_000, 1_000 }, // a file
        };

    [Theory, MemberData(nameof(Texts))]
    public async Task Count_LongText_IsEstimatedBySize(string text, int min, int max)
    {
        using var response = await gateway.Client.PostAsync(
            "/v1/messages/count_tokens",
            $$"""{"model":"{{gateway.Model(Api.OpenAI)}}","messages":[{"role":"user","content":"{{text}}"}]}"""
        );
        Assert.InRange((await response.ReadAsync(200)).GetProperty("input_tokens").GetInt32(), min, max);
    }

    [Fact]
    public async Task Count_ModelForbiddenForKey_ReturnsForbidden()
    {
        await using var limited = await Limits.LimitedGateway.InMemoryAsync();
        var (_, client) = await limited.NewKeyAsync("""{"routes":["other"]}""");
        using var response = await client.PostAsync(
            "/v1/messages/count_tokens",
            """{"model":"mock","messages":[{"role":"user","content":"Hi"}]}"""
        );
        Assert.Equal(
            "permission_error",
            (await response.ReadAsync(403)).GetProperty("error").GetProperty("type").GetString()
        );
    }

    [Theory]
    [InlineData("""{"input_tokens":1e40}""")]
    [InlineData("""{"input_tokens":1.5}""")]
    [InlineData("""{"input_tokens":"7"}""")]
    [InlineData("[]")]
    [InlineData("7")]
    public async Task Count_InvalidProviderResponse_ReturnsBadGateway(string body)
    {
        gateway.Provider(Api.Anthropic).Behaviour = call => call.JsonAsync(200, body);
        using var response = await gateway.Client.PostAsync(
            "/v1/messages/count_tokens",
            $$"""{"model":"{{gateway.Model(Api.Anthropic)}}","messages":[{"role":"user","content":"Hi"}]}"""
        );
        await response.ReadAsync(502);
    }

    private async Task<MessageTokensCount> CountAsync(string model)
    {
        using var client = new AnthropicSdk(gateway.Address, "cf_dev").Client;
        return await client.Messages.CountTokens(
            new()
            {
                Model = model,
                System = "Be brief",
                Messages = [new UserMessageParam("Twelve chars")],
            }
        );
    }
}
