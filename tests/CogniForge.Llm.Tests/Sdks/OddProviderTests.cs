using CogniForge.Llm.RequestLog;
using CogniForge.Llm.Tests.Fakes;

namespace CogniForge.Llm.Tests.Sdks;

/// <summary>Providers that are not fully compatible with OpenAI's protocol.</summary>
public class OddProviderTests
{
    [Theory]
    [InlineData("""{"role":"assistant","content":"Hello"}""", 1)]
    [InlineData(
        """{"role":"assistant","content":null,"tool_calls":"""
            + """[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\":12345678}"}}]}""",
        8
    )]
    public async Task Usage_Missing_EstimatesEqualStreamedAndWhole(string message, int tokens)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            if (!call.IsStream)
            {
                await call.JsonAsync(
                    200,
                    $$"""{"id":"1","model":"m","choices":[{"index":0,"message":{{message}},"finish_reason":"stop"}]"""
                        + ""","usage":null}"""
                );
                return;
            }

            var delta = message.Replace("{\"id\":\"c\"", "{\"index\":0,\"id\":\"c\"", StringComparison.Ordinal);
            await call.DataAsync(
                """{"id":"1","model":"m","choices":[{"index":0,"delta":"""
                    + $$"""{{delta}},"finish_reason":null}]}"""
            );
            await call.FinishAsync();
            await call.DoneAsync();
        };
        foreach (var stream in new[] { false, true })
        {
            using var response = await gateway.Client.PostAsync(
                "/v1/chat/completions",
                """{"model":"alone","messages":[{"role":"user","content":"Hi there"}],"stream":"""
                    + $$"""{{(stream ? "true" : "false")}}}"""
            );
            await response.Content.ReadAsStringAsync();
        }

        var records = await gateway.LogEntriesAsync(2);
        var expected = (2, tokens, true);
        Assert.All(records, r => Assert.Equal(expected, (r.InputTokens, r.OutputTokens, r.Estimated)));
    }

    [Fact]
    public async Task Embeddings_UsageMissing_HaveZeroOutputTokens()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call =>
            call.JsonAsync(
                200,
                """{"object":"list","data":[{"object":"embedding","index":0,"embedding":"""
                    + """[0.1234567,0.1234567,0.1234567]}],"model":"m"}"""
            );
        using var response = await gateway.Client.PostAsync(
            "/v1/embeddings",
            """{"model":"alone","input":"12345678"}"""
        );
        await response.ReadAsync(200);
        var entry = Assert.Single(await gateway.LogEntriesAsync(1));
        Assert.Equal((3, 0, true), (entry.InputTokens, entry.OutputTokens, entry.Estimated));
    }

    /// <summary>
    /// Some servers do not stream, or not with tools; the client still receives the requested stream.
    /// </summary>
    [Theory]
    [InlineData(Api.OpenAI)]
    [InlineData(Api.Anthropic)]
    public async Task Stream_WholeResponse_IsStreamedToClient(Api client)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call => call.JsonAsync(200, call.Completion("Hello there"));
        var received = await ISdk.Create(client, gateway.Address)
            .SendAsync("alone", ChatRequest.Create("Hi"), stream: true);
        Assert.Equal(
            ("Hello there", FinishReason.Stop, new Tokens(7, 3)),
            (received.Text, received.FinishReason, received.Tokens)
        );
        Assert.True(Assert.Single(gateway.Primary.Calls).IsStream);
        var entry = Assert.Single(await gateway.LogEntriesAsync(1));
        Assert.Equal((200, true, 7, 3), (entry.Status, entry.Streamed, entry.InputTokens, entry.OutputTokens));
    }

    [Fact]
    public async Task Stream_WholeResponseWithoutIncludeUsage_OmitsUsage()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call => call.JsonAsync(200, call.Completion("Hello there"));
        using var response = await gateway.Client.PostAsync(
            "/v1/chat/completions",
            """{"model":"alone","messages":[{"role":"user","content":"Hi"}],"stream":true}"""
        );
        var text = await response.Content.ReadAsStringAsync();
        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"choices\":[]", text, StringComparison.Ordinal);
    }
}
