using System.Globalization;
using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests.Pricing;

/// <summary>
/// Fees for tools that the provider runs itself: BerriAI/litellm#16996, #15227, #31316, #31355, langfuse#15856,
/// earendil-works/pi#1432.
/// </summary>
public class ToolFeeCostTests
{
    private const string Ok = """{"type":"text","text":"ok"}""";
    private const string Message = """{"id":"o","type":"message","content":[{"type":"output_text","text":"ok"}]}""";

    [Theory]
    [InlineData("""{"input":3,"output":15}""", "0.05045")] // Anthropic's published fee
    [InlineData("""{"input":3,"output":15,"toolFees":{"web_search":0.02}}""", "0.10045")]
    [InlineData("""{"input":3,"output":15,"toolFees":{"web_search":0}}""", "0.00045")]
    public async Task Messages_WebSearches_CostFeePerSearch(string price, string cost)
    {
        await using var provider = await FakeProvider.StartAsync();
        using var gateway = await StartAsync(provider, "Anthropic", price);
        provider.Behaviour = call => MessageAsync(call, Ok, ""","server_tool_use":{"web_search_requests":5}""");

        foreach (var stream in new[] { "false", "true" })
        {
            var body = $$"""
                {"model":"p/m","max_tokens":100,"stream":{{stream}},"messages":[{"role":"user","content":"hi"}],
                 "tools":[{"type":"web_search_20250305","name":"web_search","max_uses":5}]}
                """;
            Assert.Equal((Amount(cost), false), await gateway.CostAsync("/v1/messages", body));
        }
    }

    /// <summary>The fee is the provider's, whatever the client's protocol.</summary>
    [Fact]
    public async Task Chat_AnthropicSearches_CostsFee()
    {
        await using var provider = await FakeProvider.StartAsync();
        using var gateway = await StartAsync(provider, "Anthropic", """{"input":3,"output":15}""");
        provider.Behaviour = call => MessageAsync(call, Ok, ""","server_tool_use":{"web_search_requests":5}""");

        foreach (var stream in new[] { "false", "true" })
        {
            var body = $$"""{"model":"p/m","stream":{{stream}},"messages":[{"role":"user","content":"hi"}]}""";
            Assert.Equal((0.05045m, false), await gateway.CostAsync("/v1/chat/completions", body));
        }
    }

    [Fact]
    public async Task Messages_StreamBreaksOff_CostsSearchesSeen()
    {
        await using var provider = await FakeProvider.StartAsync();
        using var gateway = await StartAsync(provider, "Anthropic", """{"input":0,"output":0}""");
        provider.Behaviour = call =>
            call.EventsAsync(
                """
                {"type":"message_start","message":{"id":"m","model":"m","content":[],
                 "usage":{"input_tokens":100,"output_tokens":1,"server_tool_use":{"web_search_requests":0}}}}
                """,
                """
                {"type":"content_block_start","index":0,
                 "content_block":{"type":"server_tool_use","id":"s1","name":"web_search","input":{}}}
                """,
                """
                {"type":"content_block_start","index":1,
                 "content_block":{"type":"server_tool_use","id":"s2","name":"web_search","input":{}}}
                """,
                """
                {"type":"content_block_start","index":2,
                 "content_block":{"type":"web_search_tool_result","tool_use_id":"s2",
                  "content":{"type":"web_search_tool_result_error","error_code":"unavailable"}}}
                """,
                """{"type":"content_block_delta","index":3,"delta":{"type":"text_delta","text":"I"}}"""
            );

        var body = """{"model":"p/m","max_tokens":9,"stream":true,"messages":[{"role":"user","content":"hi"}]}""";
        Assert.Equal((0.01m, false), await gateway.CostAsync("/v1/messages", body));
    }

    [Theory]
    // litellm#35949, bifrost#5099: opening a page is not a search; a failed search is free.
    [InlineData(
        """
        {"type":"web_search_call","status":"completed","action":{"type":"search","query":"a"}},
        {"type":"web_search_call","status":"searching","action":{"type":"search","query":"b"}},
        {"type":"web_search_call","status":"completed","action":{"type":"open_page","url":"https://example.org"}},
        {"type":"web_search_call","status":"completed","action":{"type":"find_in_page"}},
        {"type":"web_search_call","status":"failed","action":{"type":"search"}}
        """,
        "",
        "0.02"
    )]
    // litellm#10384: a tool that was offered but not used is free.
    [InlineData("", ""","tools":[{"type":"web_search"}]""", "0")]
    // earendil-works/pi#1432: calls without an action.
    [InlineData("""{"type":"web_search_call","id":"ws_1","status":"completed"}""", "", "0.01")]
    [InlineData("", ""","tool_usage":{"image_gen":{"input_tokens":0},"web_search":{"num_requests":3}}""", "0.03")]
    [InlineData("""{"type":"file_search_call","status":"completed"}""", "", "0.0025")]
    // litellm#16117, simonw/llm#1592: the fee is per container.
    [InlineData(
        """
        {"type":"code_interpreter_call","container_id":"cntr_1"},{"type":"code_interpreter_call",
         "container_id":"cntr_1"},{"type":"code_interpreter_call","container_id":"cntr_2"}
        """,
        "",
        "0.06"
    )]
    public async Task Responses_HostedTools_CostFees(string items, string more, string cost)
    {
        await using var provider = await FakeProvider.StartAsync();
        using var gateway = await StartAsync(provider, "OpenAI", """{"input":0,"output":0}""");
        provider.Behaviour = call => ResponseAsync(call, items, more);

        foreach (var stream in new[] { "false", "true" })
        {
            var body = $$"""{"model":"p/m","stream":{{stream}},"input":"hi"}""";
            Assert.Equal((Amount(cost), false), await gateway.CostAsync("/v1/responses", body));
        }
    }

    [Fact]
    public async Task Responses_StreamBreaksOff_CostsSearchesSeen()
    {
        await using var provider = await FakeProvider.StartAsync();
        using var gateway = await StartAsync(provider, "OpenAI", """{"input":0,"output":0}""");
        provider.Behaviour = call =>
            call.EventsAsync(
                """
                {"type":"response.output_item.done","output_index":0,
                 "item":{"type":"web_search_call","status":"completed","action":{"type":"search"}}}
                """,
                """{"type":"response.output_text.delta","delta":"I"}"""
            );

        Assert.Equal(
            (0.01m, true),
            await gateway.CostAsync("/v1/responses", """{"model":"p/m","stream":true,"input":"hi"}""")
        );
    }

    /// <summary>What is not priced is not hidden.</summary>
    [Fact]
    public async Task Responses_ToolWithoutFee_IsEstimated()
    {
        await using var provider = await FakeProvider.StartAsync();
        using var gateway = await StartAsync(provider, "OpenAI", """{"input":100,"output":100}""");
        provider.Behaviour = call => ResponseAsync(call, """{"type":"image_generation_call"}""", "");

        Assert.Equal(
            (0.0010m, true),
            await gateway.CostAsync("/v1/responses", """{"model":"p/m","input":"draw"}""")
        );
    }

    [Theory]
    // langchain#31647, litellm#11938: Perplexity; litellm#36397: Gemini through LiteLLM; AI SDK: xAI's sources.
    [InlineData(""","num_search_queries":74""", "web_search", "0.37")]
    [InlineData(""","prompt_tokens_details":{"web_search_requests":2}""", "web_search", "0.01")]
    [InlineData(""","server_tool_use":{"web_search_requests":2}""", "web_search", "0.01")]
    [InlineData(""","num_sources_used":9""", "live_search", "0.045")]
    [InlineData(
        ""","server_side_tool_usage_details":{"web_search_calls":5,"x_search_calls":0,"mcp_calls":2}""",
        "web_search",
        "0.025"
    )]
    public async Task Chat_ReportedSearches_CostFee(string usage, string tool, string cost)
    {
        await using var provider = await FakeProvider.StartAsync();
        using var gateway = await StartAsync(
            provider,
            "OpenAICompatible",
            $$$"""{"input":0,"output":0,"toolFees":{"{{{tool}}}":0.005}}"""
        );
        provider.Behaviour = call => ChatAsync(call, "", usage);

        await AssertChatCostAsync(gateway, cost);
    }

    /// <summary>platform.kimi.ai/docs/pricing/tools: a fee for each call of its own function.</summary>
    [Fact]
    public async Task Chat_KimiSearch_CostsFee()
    {
        await using var provider = await FakeProvider.StartAsync();
        using var gateway = await StartAsync(
            provider,
            "OpenAICompatible",
            """{"input":0,"output":0,"toolFees":{"web_search":0.005}}"""
        );
        provider.Behaviour = call =>
            ChatAsync(
                call,
                """
                ,"tool_calls":[{"index":0,"id":"t","type":"builtin_function",
                 "function":{"name":"$web_search","arguments":"{}"}},
                 {"index":1,"id":"u","type":"function","function":{"name":"web_search","arguments":"{}"}}]
                """,
                ""
            );

        await AssertChatCostAsync(gateway, "0.005");
    }

    /// <summary>
    /// console.groq.com/docs/compound, jgravelle/GroqApiLibrary#36: a stream has each tool when it begins and ends.
    /// </summary>
    [Fact]
    public async Task Chat_ToolsThatGroqExecuted_CostPublishedFees()
    {
        await using var provider = await FakeProvider.StartAsync();
        using var gateway = await StartAsync(provider, "Groq", """{"input":0,"output":0}""");
        provider.Behaviour = call =>
            ChatAsync(
                call,
                """
                ,"executed_tools":[{"index":0,"type":"search","arguments":"{}"},
                 {"index":0,"type":"search","arguments":"{}","output":"found"},
                 {"index":1,"type":"browser_search","name":"browser.open","arguments":"{}"}]
                """,
                ""
            );

        await AssertChatCostAsync(gateway, "0.009");
    }

    /// <summary>growthxai/output#317 and #374: Gemini 3 charges each query, which a stream repeats.</summary>
    [Fact]
    public async Task Chat_GeminiGrounding_CostsFeePerQuery()
    {
        await using var provider = await FakeProvider.StartAsync();
        using var gateway = await StartAsync(provider, "Gemini", """{"input":0,"output":0}""");
        provider.Behaviour = async call =>
        {
            var grounding = """
                "index":0,"groundingMetadata":{"webSearchQueries":["a","b"]},"finish_reason":"stop"
                """;
            if (!call.IsStream)
            {
                await call.JsonAsync(
                    200,
                    $$$"""{"id":"c","model":"m","choices":[{"message":{"content":"ok"},{{{grounding}}}}]}"""
                );
                return;
            }

            await call.DataAsync(
                """{"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"ok"},"finish_reason":null,"""
                    + """ "groundingMetadata":{"webSearchQueries":["a"]}}]}"""
            );
            await call.DataAsync($$$"""{"id":"c","model":"m","choices":[{"delta":{},{{{grounding}}}}]}""");
            await call.DoneAsync();
        };

        foreach (var stream in new[] { "false", "true" })
        {
            var body = $$"""{"model":"p/m","stream":{{stream}},"messages":[{"role":"user","content":"hi"}]}""";
            Assert.Equal((0.028m, true), await gateway.CostAsync("/v1/chat/completions", body));
        }
    }

    /// <summary>docs.x.ai/developers/pricing: fees of a provider whose API is OpenAI's.</summary>
    [Theory]
    [InlineData("Xai", ""","server_side_tool_usage_details":{"web_search_calls":2,"x_search_calls":1}""", "0.015")]
    [InlineData("Xai", ""","server_side_tool_usage_details":{"file_search_calls":2}""", "0.005")]
    public async Task Chat_KnownCompatibleProvider_CostsPublishedFee(string kind, string usage, string cost)
    {
        await using var provider = await FakeProvider.StartAsync();
        using var gateway = await StartAsync(provider, kind, """{"input":0,"output":0}""");
        provider.Behaviour = call => ChatAsync(call, "", usage);

        await AssertChatCostAsync(gateway, cost);
    }

    private static async Task AssertChatCostAsync(GatewayHost gateway, string cost)
    {
        foreach (var stream in new[] { "false", "true" })
        {
            var body = $$"""{"model":"p/m","stream":{{stream}},"messages":[{"role":"user","content":"hi"}]}""";
            Assert.Equal((Amount(cost), false), await gateway.CostAsync("/v1/chat/completions", body));
        }
    }

    private static async Task<GatewayHost> StartAsync(FakeProvider provider, string kind, string price)
    {
        var gateway = GatewayHost.Start(
            ("Providers:p:Kind", kind),
            ("Providers:p:BaseUrl", provider.BaseUrl),
            ("Providers:p:ApiKey", "secret")
        );
        await (await gateway.Client.PutAsync("/api/v1/llm/prices/2026-01-01/m", price)).ReadAsync(201);
        return gateway;
    }

    private static Task MessageAsync(FakeCall call, string content, string usage)
    {
        var end = $$"""{"input_tokens":100,"output_tokens":10{{usage}}}""";
        return call.IsStream
            ? call.EventsAsync(
                """
                {"type":"message_start","message":{"id":"m","type":"message","role":"assistant","model":"m",
                 "content":[],"stop_reason":null,"usage":{"input_tokens":100,"output_tokens":1}}}
                """,
                $$"""{"type":"content_block_start","index":0,"content_block":{{content}}}""",
                """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"!"}}""",
                """{"type":"content_block_stop","index":0}""",
                $$"""{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{{end}}}""",
                """{"type":"message_stop"}"""
            )
            : call.JsonAsync(
                200,
                $$"""
                {"id":"m","type":"message","role":"assistant","model":"m","content":[{{content}}],
                 "stop_reason":"end_turn","stop_sequence":null,"usage":{{end}}}
                """
            );
    }

    private static Task ResponseAsync(FakeCall call, string items, string more)
    {
        var response = $$"""
            {"id":"r","object":"response","status":"completed","model":"m","output":[{{items}}
             {{(items.Length > 0 ? "," : "")}}{{Message}}],"usage":{"input_tokens":7,"output_tokens":3}{{more}}}
            """;
        return call.IsStream
            ? call.EventsAsync(
                """{"type":"response.output_text.delta","item_id":"o","delta":"ok"}""",
                $$"""{"type":"response.completed","response":{{response}}}"""
            )
            : call.JsonAsync(200, response);
    }

    private static async Task ChatAsync(FakeCall call, string message, string usage)
    {
        var counts = $$"""{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10{{usage}}}""";
        var content = $$"""{"role":"assistant","content":"ok"{{message}}}""";
        if (!call.IsStream)
        {
            await call.JsonAsync(
                200,
                $$"""
                {"id":"c","object":"chat.completion","created":1,"model":"m",
                 "choices":[{"index":0,"message":{{content}},"finish_reason":"stop"}],"usage":{{counts}}}
                """
            );
            return;
        }

        await ChunkAsync($$"""[{"index":0,"delta":{{content}},"finish_reason":null}]""", "null");
        await ChunkAsync("""[{"index":0,"delta":{},"finish_reason":"stop"}]""", "null");
        await ChunkAsync("[]", counts);
        await call.DoneAsync();

        Task ChunkAsync(string choices, string value) =>
            call.DataAsync(
                $$"""{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":{{choices}},"""
                    .ReplaceLineEndings("") + $"\"usage\":{value}}}"
            );
    }

    private static decimal Amount(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
