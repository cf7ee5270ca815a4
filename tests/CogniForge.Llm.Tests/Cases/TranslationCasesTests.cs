using System.Text.Json.Nodes;
using CogniForge.Llm.Tests.Agents;
using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Protocols;

namespace CogniForge.Llm.Tests.Cases;

/// <summary>Requests of real clients and responses of real providers that other gateways translate wrongly.</summary>
public sealed class TranslationCasesTests(AgentGateway gateway) : IClassFixture<AgentGateway>
{
    private const string Ok = """{"role":"assistant","content":"ok"}""";

    /// <summary>Codex always sends such tools (CommandCodeAI/command-code#885, openai/codex#32318).</summary>
    [Theory]
    [InlineData("compat")]
    [InlineData("openrouter")]
    [InlineData("anthropic")]
    public async Task Codex_NamespaceAndBuiltIns_WorkAndAreNamed(string provider)
    {
        gateway.Provider.Behaviour = call =>
            provider == "anthropic"
                ? call.JsonAsync(
                    200,
                    Message("""[{"type":"tool_use","id":"c1","name":"multi_agent_v1__spawn","input":{}}]""")
                )
                : ChatAsync(
                    call,
                    """
                    {"role":"assistant","tool_calls":[{"id":"c1","type":"function",
                      "function":{"name":"multi_agent_v1__spawn","arguments":"{}"}}]}
                    """
                );
        var (response, dropped, sent) = await SendAsync(
            "/v1/responses",
            provider,
            """
            {"input":"hi","tools":[{"type":"function","name":"exec_command","parameters":{"type":"object",
              "properties":{}}},{"type":"namespace","name":"multi_agent_v1","tools":[{"type":"function","name":"spawn",
              "parameters":{"type":"object","properties":{}}}]},{"type":"custom","name":"apply_patch"},
              {"type":"web_search"}]}
            """
        );
        Assert.Equal("web_search", dropped);
        Assert.Equal(3, sent["tools"]!.AsArray().Count);
        var call = response["output"]![0]!;
        Assert.Equal(("multi_agent_v1", "spawn"), ((string?)call["namespace"], (string?)call["name"]));
    }

    /// <summary>OpenAI does not promise an order of deltas (praxis-proxy/ai#266, Wei-Shaw/sub2api#4302).</summary>
    [Theory]
    [InlineData("messages")]
    [InlineData("responses")]
    public async Task Stream_InterleavedToolDeltas_BecomeWholeCalls(string client)
    {
        gateway.Provider.Behaviour = call =>
            DeltasAsync(
                call,
                """{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}]}""",
                """{"tool_calls":[{"index":1,"id":"b","type":"function","function":{"name":"g","arguments":""}}]}""",
                """{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\":1}"}}]}""",
                """{"content":"\n"}""",
                """{"tool_calls":[{"index":1,"function":{"arguments":"{\"b\":2}"}}]}"""
            );
        var agent = AgentClient.All[client](gateway.Model("compat"), true);
        await agent.SendAsync(gateway.Client, "hi");
        await agent.SendResultAsync(gateway.Client, "r");

        var calls = JsonNode.Parse(gateway.Provider.Calls[^1].Body.GetRawText())!["messages"]![1]!["tool_calls"]!;
        Assert.Equal(
            [("a", "f", """{"a":1}"""), ("b", "g", """{"b":2}""")],
            calls
                .AsArray()
                .Select(c =>
                    ((string?)c!["id"], (string?)c["function"]!["name"], (string?)c["function"]!["arguments"])
                )
        );
    }

    /// <summary>Templates reject later instructions (anthropics/claude-code#77698, BerriAI/litellm#37351).</summary>
    [Fact]
    public async Task Messages_LaterSystemMessage_JoinsUserTurn()
    {
        gateway.Provider.Behaviour = call => ChatAsync(call, Ok);
        var (_, _, sent) = await SendAsync(
            "/v1/messages",
            "compat",
            """{"max_tokens":9,"messages":[{"role":"user","content":"a"},{"role":"system","content":"reminder"}]}"""
        );
        Wire.AssertEqual("""[{"role":"user","content":"a\n\nreminder"}]""", sent["messages"]);
    }

    /// <summary>A call whose arguments broke off is the model's to mend (dust-tt/dust#24414).</summary>
    [Theory]
    [InlineData("\"{\\\"a\\\": 1\"", """{"INVALID_JSON":"{\u0022a\u0022: 1"}""")]
    [InlineData("""{"a":1}""", """{"a":1}""")]
    [InlineData("\"\"", "{}")]
    [InlineData("null", "{}")]
    public async Task Arguments_OfAnyShape_ReachMessagesClient(string arguments, string expected)
    {
        gateway.Provider.Behaviour = call =>
            ChatAsync(
                call,
                $$$"""
                {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function",
                  "function":{"name":"f","arguments":{{{arguments}}}}}]}
                """
            );
        var before = gateway.Provider.Calls.Count;
        var (response, _, _) = await SendAsync("/v1/messages", "compat", Hello);
        Wire.AssertEqual(expected, response["content"]![0]!["input"]);
        Assert.Equal(before + 1, gateway.Provider.Calls.Count);
    }

    /// <summary>Anthropic rejects blank texts (home-assistant/core#175637, anomalyco/opencode#31259).</summary>
    [Fact]
    public async Task Chat_BlankTextBeforeCall_IsOmittedForAnthropic()
    {
        gateway.Provider.Behaviour = call => call.JsonAsync(200, Message("""[{"type":"text","text":"ok"}]"""));
        var (_, _, sent) = await SendAsync(
            "/v1/chat/completions",
            "anthropic",
            """
            {"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"\n\n","tool_calls":[{"id":"c1",
              "type":"function","function":{"name":"f","arguments":"{}"}}]},
              {"role":"tool","tool_call_id":"c1","content":"x"}]}
            """
        );
        Wire.AssertEqual(
            """[{"type":"tool_use","id":"c1","name":"f","input":{}}]""",
            sent["messages"]![1]!["content"]
        );
    }

    [Fact]
    public async Task Chat_EmptyParameters_HaveTypeForAnthropic()
    {
        gateway.Provider.Behaviour = call => call.JsonAsync(200, Message("""[{"type":"text","text":"ok"}]"""));
        var (_, _, sent) = await SendAsync(
            "/v1/chat/completions",
            "anthropic",
            """
            {"messages":[{"role":"user","content":"q"}],
             "tools":[{"type":"function","function":{"name":"f","parameters":{}}}]}
            """
        );
        Wire.AssertEqual("""{"type":"object"}""", sent["tools"]![0]!["input_schema"]);
    }

    /// <summary>Claude Code requests thinking by budget (BerriAI/litellm#35645).</summary>
    [Theory]
    [InlineData("""{"output_config":{"effort":"max"}}""", "xhigh")]
    [InlineData("""{"thinking":{"type":"enabled","budget_tokens":10000}}""", "medium")]
    public async Task Messages_Thinking_BecomesEffortOfOpenAI(string fields, string expected)
    {
        gateway.Provider.Behaviour = call => ChatAsync(call, Ok);
        var (_, _, sent) = await SendAsync("/v1/messages", "openai", $"{Hello[..^1]},{fields[1..]}");
        Assert.Equal(expected, (string?)sent["reasoning_effort"]);
    }

    /// <summary>JavaScript relays split an emoji over two deltas.</summary>
    [Theory]
    [InlineData("/v1/messages")]
    [InlineData("/v1/responses")]
    public async Task Stream_SplitSurrogates_ArriveWhole(string path)
    {
        gateway.Provider.Behaviour = call =>
            DeltasAsync(call, """{"content":"a"}""", @"{""content"":""\ud83d""}", @"{""content"":""\ude00""}");
        using var response = await gateway.Client.PostAsync(
            path,
            $$"""{"model":"{{gateway.Model("compat")}}","stream":true,"input":"hi",{{Hello[1..]}}"""
        );
        var text = await response.Content.ReadAsStringAsync();
        text = text.Replace(@"\uD83D\uDE00", "😀", StringComparison.OrdinalIgnoreCase);
        Assert.Contains("😀", text, StringComparison.Ordinal);
        Assert.DoesNotContain("event: error", text, StringComparison.Ordinal);
    }

    /// <summary>Image models of OpenRouter and Gemini send their images beside the content.</summary>
    [Theory]
    [InlineData("/v1/messages", false)]
    [InlineData("/v1/messages", true)]
    [InlineData("/v1/responses", false)]
    [InlineData("/v1/responses", true)]
    public async Task GeneratedImage_OtherFormat_IsLinked(string path, bool stream)
    {
        const string Image =
            """{"content":"See","images":[{"type":"image_url","image_url":{"url":"https://x/y.png"}}]}""";
        gateway.Provider.Behaviour = call => stream ? DeltasAsync(call, Image) : ChatAsync(call, Image);
        var model = gateway.Model("openrouter");
        using var response = await gateway.Client.PostAsync(
            path,
            $$"""
            {"model":"{{model}}","stream":{{(stream ? "true" : "false")}},"input":"hi",{{Hello[1..]}}
            """
        );
        Assert.Contains(
            "![image](https://x/y.png)",
            await response.Content.ReadAsStringAsync(),
            StringComparison.Ordinal
        );
    }

    private const string Hello = """{"max_tokens":100,"messages":[{"role":"user","content":"hi"}]}""";

    private async Task<(JsonObject Response, string Dropped, JsonObject Sent)> SendAsync(
        string path,
        string provider,
        string body
    )
    {
        using var response = await gateway.Client.PostAsync(
            path,
            $$"""{"model":"{{gateway.Model(provider)}}",{{body[1..]}}"""
        );
        var json = await response.ReadAsync(200);
        return (
            JsonNode.Parse(json.GetRawText())!.AsObject(),
            response.Headers.TryGetValues("x-cogniforge-dropped", out var dropped) ? dropped.Single() : "",
            JsonNode.Parse(gateway.Provider.Calls[^1].Body.GetRawText())!.AsObject()
        );
    }

    private static Task ChatAsync(FakeCall call, string message) =>
        call.JsonAsync(
            200,
            $$$"""
            {"id":"c","object":"chat.completion","created":1,"model":"m",
             "choices":[{"index":0,"message":{{{message}}},"finish_reason":"stop"}],
             "usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}
            """
        );

    private static async Task DeltasAsync(FakeCall call, params string[] deltas)
    {
        await call.BeginAsync();
        foreach (var delta in deltas)
        {
            await call.DataAsync(
                $$$"""{"id":"c","model":"m","choices":[{"index":0,"delta":{{{delta}}},"finish_reason":null}]}"""
            );
        }

        await call.FinishAsync();
        await call.DoneAsync();
    }

    private static string Message(string content) =>
        $$$"""
        {"id":"m","type":"message","role":"assistant","model":"m","content":{{{content}}},"stop_reason":"end_turn",
         "stop_sequence":null,"usage":{"input_tokens":10,"output_tokens":5}}
        """;
}
