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

    /// <summary>Agents compact their conversation by the usage, which some servers have elsewhere or omit.</summary>
    [Theory]
    [InlineData("""{"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3}}""", 7)]
    [InlineData("""{"choices":[],"x_groq":{"usage":{"prompt_tokens":7,"completion_tokens":3}}}""", 7)]
    [InlineData("""{"choices":[{"index":0,"delta":{},"usage":{"prompt_tokens":7,"completion_tokens":3}}]}""", 7)]
    [InlineData("""{"choices":[]}""", 1)]
    public async Task Stream_UsageElsewhere_IsShownToTranslatedClients(string last, int input)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            await call.BeginAsync();
            await call.ChunkAsync("One two three");
            await call.FinishAsync();
            await call.DataAsync(last);
            await call.DoneAsync();
        };
        var received = await ISdk.Create(Api.Anthropic, gateway.Address)
            .SendAsync("alone", ChatRequest.Create("Hi"), stream: true);
        Assert.Equal(new Tokens(input, 3), received.Tokens);
        using var responses = await gateway.Client.PostAsync(
            "/v1/responses",
            """{"model":"alone","input":"Hi","stream":true}"""
        );
        Assert.Contains(
            $"\"input_tokens\":{input},",
            await responses.Content.ReadAsStringAsync(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(Api.OpenAI)]
    [InlineData(Api.Anthropic)]
    public async Task Whole_UsageMissing_IsShownAsEstimated(Api provider)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call =>
            call.JsonAsync(
                200,
                provider == Api.OpenAI
                    ? """{"model":"m","choices":[{"message":{"content":"One two three"},"finish_reason":"stop"}]}"""
                    : """
                    {"id":"1","type":"message","role":"assistant","model":"m","stop_reason":"end_turn",
                     "content":[{"type":"text","text":"One two three"}]}
                    """
            );
        var (client, route) = provider == Api.OpenAI ? (Api.Anthropic, "alone") : (Api.OpenAI, "mixed");
        var received = await ISdk.Create(client, gateway.Address).SendAsync(route, ChatRequest.Create("Hi"), false);
        Assert.Equal(new Tokens(1, 3), received.Tokens);
    }

    /// <summary>OpenAI's clients reject arguments that are no text, and calls without id or type.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Chat_IncompleteToolCall_IsCompleted(bool stream)
    {
        const string Message = """{"tool_calls":[{"function":{"name":"f","arguments":{"a":[1]}}}]}""";
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            if (!call.IsStream)
            {
                await call.JsonAsync(
                    200,
                    $$"""{"id":"1","model":"m","choices":[{"message":{{Message}},"finish_reason":"tool_calls"}]}"""
                );
                return;
            }

            await call.BeginAsync();
            await call.DataAsync($$"""{"id":"1","choices":[{"index":0,"delta":{{Message}}}]}""");
            await call.FinishAsync("tool_calls");
            await call.DoneAsync();
        };
        using var response = await gateway.Client.PostAsync(
            "/v1/chat/completions",
            """{"model":"alone","messages":[{"role":"user","content":"Hi"}],"stream":"""
                + $$"""{{(stream ? "true" : "false")}}}"""
        );
        var index = stream ? "\"index\":0," : "";
        Assert.Contains(
            """[{"function":{"name":"f","arguments":"{\"a\":[1]}"},"""
                + index
                + "\"id\":\"call_1_0\",\"type\":\"function\"}]",
            await response.Content.ReadAsStringAsync(),
            StringComparison.Ordinal
        );
    }

    /// <summary>Parts after the first belong to it, and two calls without index are two.</summary>
    [Theory]
    [InlineData(
        """{"index":0,"id":"a","type":"function"}|{"index":0,"function":{"name":"f","arguments":"{}"}}""",
        """
        {"index":0,"id":"a","type":"function","function":{"name":"","arguments":""}}|
        {"index":0,"function":{"name":"f","arguments":"{}"}}
        """
    )]
    [InlineData(
        """{"function":{"name":"f","arguments":"{}"}}|{"id":"","type":null,"function":{"name":"g"}}""",
        """
        {"function":{"name":"f","arguments":"{}"},"index":0,"id":"call_1_0","type":"function"}|
        {"id":"call_1_1","type":"function","function":{"name":"g","arguments":""},"index":1}
        """
    )]
    // Older versions of Ollama send the index 0 for every call.
    [InlineData(
        """
        {"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}|
        {"index":0,"id":"b","type":"function","function":{"name":"g","arguments":"{"}}|
        {"index":0,"function":{"arguments":"}"}}|
        {"index":1,"id":"c","type":"function","function":{"name":"h","arguments":"{}"}}
        """,
        """
        {"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}|
        {"index":1,"id":"b","type":"function","function":{"name":"g","arguments":"{"}}|
        {"index":1,"function":{"arguments":"}"}}|
        {"index":2,"id":"c","type":"function","function":{"name":"h","arguments":"{}"}}
        """
    )]
    // vLLM gave each part of a call another id; OpenAI's Python SDK would join them.
    [InlineData(
        """
        {"index":0,"id":"a","type":"function","function":{"name":"f"}}|
        {"index":0,"id":"b","function":{"arguments":"{}"}}
        """,
        """
        {"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}|
        {"index":0,"function":{"arguments":"{}"}}
        """
    )]
    public async Task Chat_StreamedToolCalls_KeepOneIdEach(string sent, string expected)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            await call.BeginAsync();
            foreach (var part in sent.ReplaceLineEndings("").Split('|'))
            {
                await call.DataAsync(
                    """{"id":"1","choices":[{"index":0,"delta":{"tool_calls":[""" + part + "]}}]}"
                );
            }

            await call.FinishAsync("tool_calls");
            await call.DoneAsync();
        };
        using var response = await gateway.Client.PostAsync(
            "/v1/chat/completions",
            """{"model":"alone","messages":[{"role":"user","content":"Hi"}],"stream":true}"""
        );
        var received = await response.Content.ReadAsStringAsync();
        Assert.All(
            expected.ReplaceLineEndings("").Split('|'),
            part => Assert.Contains($"\"tool_calls\":[{part}]", received, StringComparison.Ordinal)
        );
    }

    /// <summary>OpenAI's clients iterate over the choices of each chunk.</summary>
    [Theory]
    [InlineData("""{"id":"1","choices":null,"usage":{"prompt_tokens":7,"completion_tokens":3}}""")]
    [InlineData("""{"id":"1","choices" : null}""")]
    public async Task Chat_NullChoices_BecomeEmpty(string chunk)
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            await call.BeginAsync();
            await call.ChunkAsync("\"choices\":null");
            await call.DataAsync(chunk);
            await call.FinishAsync();
            await call.DoneAsync();
        };
        using var response = await gateway.Client.PostAsync(
            "/v1/chat/completions",
            """
            {"model":"alone","messages":[{"role":"user","content":"Hi"}],"stream":true,
             "stream_options":{"include_usage":true}}
            """
        );
        var received = await response.Content.ReadAsStringAsync();
        Assert.Contains("\"choices\":[]", received, StringComparison.Ordinal);
        Assert.DoesNotContain("\"choices\":null", received, StringComparison.Ordinal);
        Assert.Contains("\"content\":\"\\u0022choices\\u0022:null\"", received, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Messages_LegacyFunctionCall_BecomesToolUse(bool stream)
    {
        const string Call = """{"name":"f","arguments":"{\"a\":1}"}""";
        const string Message = $$"""{"content":null,"tool_calls":null,"function_call":{{Call}}}""";
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = async call =>
        {
            if (!call.IsStream)
            {
                await call.JsonAsync(
                    200,
                    $$"""{"id":"1","model":"m","choices":[{"message":{{Message}},"finish_reason":"function_call"}]}"""
                );
                return;
            }

            await call.BeginAsync();
            await call.DataAsync($$"""{"id":"1","choices":[{"index":0,"delta":{{Message}}}]}""");
            await call.FinishAsync("function_call");
            await call.DoneAsync();
        };
        var received = await ISdk.Create(Api.Anthropic, gateway.Address)
            .SendAsync("alone", ChatRequest.Create("Hi"), stream);
        var used = Assert.Single(received.Calls);
        Assert.Equal(("f", FinishReason.Calls), (used.Name, received.FinishReason));
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
