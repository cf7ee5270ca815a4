using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Tests.Protocols.Translation;

/// <summary>Each translated request keeps the rules of its provider.</summary>
public class ProviderRulesTests
{
    /// <summary>
    /// Schemas of MCP servers: OpenAI requires properties (openai/openai-agents-python#454), both reject combinators at
    /// the root (makenotion/notion-mcp-server#340, anomalyco/opencode#46628, langchain-ai/langchain#39271).
    /// </summary>
    [Theory]
    [InlineData("{}", """{"type":"object","properties":{}}""")]
    [InlineData("""{"type":"object"}""", """{"type":"object","properties":{}}""")]
    [InlineData("""{"type":null,"properties":{"a":{}}}""", """{"type":"object","properties":{"a":{}}}""")]
    [InlineData(
        """
        {"type":"object","anyOf":[{"properties":{"a":{"type":"string"}},"required":["a"]},
         {"properties":{"b":{"type":"string"}},"required":["b"]}]}
        """,
        """{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}}}"""
    )]
    [InlineData(
        """
        {"type":"object","properties":{"a":{}},"required":["a"],"allOf":[{"required":["b"]},
         {"properties":{"b":{"anyOf":[{"type":"null"}]}}}]}
        """,
        """{"type":"object","properties":{"a":{},"b":{"anyOf":[{"type":"null"}]}},"required":["a","b"]}"""
    )]
    [InlineData(
        """{"oneOf":[{"required":["a","c"]},{"required":["b","c"]}],"properties":{"c":{}}}""",
        """{"properties":{"c":{}},"type":"object","required":["c"]}"""
    )]
    public void Schema_OfMcpServer_IsCompleted(string schema, string expected)
    {
        var messages = Translate(
            Protocol.Messages,
            ProviderKind.OpenAI,
            $$"""{"messages":[{"role":"user","content":"q"}],"tools":[{"name":"f","input_schema":{{schema}} }]}"""
        );
        Wire.AssertEqual(expected, messages.Body["tools"]![0]!["function"]!["parameters"]);
        var responses = Translate(
            Protocol.Responses,
            ProviderKind.OpenAICompatible,
            $$"""{"input":"q","tools":[{"type":"function","name":"f","parameters":{{schema}} }]}"""
        );
        Wire.AssertEqual(expected, responses.Body["tools"]![0]!["function"]!["parameters"]);
    }

    [Fact]
    public void Schema_Combinator_IsFoldedForAnthropic() =>
        Wire.AssertEqual(
            """{"type":"object","properties":{"a":{}}}""",
            Translate(
                Protocol.ChatCompletions,
                ProviderKind.Anthropic,
                """
                {"messages":[{"role":"user","content":"q"}],"tools":[{"type":"function","function":{"name":"f",
                  "parameters":{"anyOf":[{"properties":{"a":{}}},{}]}}}]}
                """
            )
                .Body["tools"]![0]!["input_schema"]
        );

    /// <summary>Many servers have three efforts (NousResearch/hermes-agent#42330), Anthropic none below low.</summary>
    [Theory]
    [InlineData("xhigh", nameof(ProviderKind.OpenAICompatible), "high")]
    [InlineData("max", nameof(ProviderKind.OpenAICompatible), "high")]
    [InlineData("minimal", nameof(ProviderKind.OpenAICompatible), "low")]
    [InlineData("none", nameof(ProviderKind.OpenAICompatible), "none")]
    [InlineData("xhigh", nameof(ProviderKind.OpenRouter), "xhigh")]
    [InlineData("max", nameof(ProviderKind.OpenRouter), "xhigh")]
    [InlineData("minimal", nameof(ProviderKind.OpenRouter), "minimal")]
    [InlineData("xhigh", nameof(ProviderKind.Anthropic), "xhigh")]
    [InlineData("minimal", nameof(ProviderKind.Anthropic), "low")]
    [InlineData("ultra", nameof(ProviderKind.Anthropic), "max")]
    public void Effort_OfResponses_IsNearestOfProvider(string effort, string kind, string expected)
    {
        var body = Translate(
            Protocol.Responses,
            Enum.Parse<ProviderKind>(kind),
            $$"""{"input":"q","reasoning":{"effort":"{{effort}}"} }"""
        ).Body;
        Assert.Equal(expected, (string?)(body["reasoning_effort"] ?? body["output_config"]?["effort"]));
    }

    /// <summary>A choice of a tool that was dropped would be rejected.</summary>
    [Theory]
    [InlineData("""{"type":"tool","name":"web_search"}""", true, null)]
    [InlineData("""{"type":"tool","name":"f"}""", true, "f")]
    [InlineData("""{"type":"any"}""", false, null)]
    public void Choice_OfDroppedTool_IsDroppedAndNamed(string choice, bool hasOther, string? expected)
    {
        var other = hasOther ? """{"name":"f","input_schema":{}},""" : "";
        var result = Translate(
            Protocol.Messages,
            ProviderKind.OpenAI,
            $$"""
            {"messages":[{"role":"user","content":"q"}],"tool_choice":{{choice}},
             "tools":[{{other}}{"type":"web_search_20250305","name":"web_search"}]}
            """
        );
        Assert.Equal(expected, (string?)result.Body["tool_choice"]?["function"]!["name"]);
        Assert.Equal(expected is null, result.Dropped.Contains("tool_choice"));
    }

    [Fact]
    public void Choice_RequiredOfDroppedTools_IsNamed()
    {
        var result = Translate(
            Protocol.Responses,
            ProviderKind.OpenAI,
            """{"input":"q","tool_choice":"required","tools":[{"type":"web_search"}]}"""
        );
        Assert.Equal(["web_search", "tool_choice"], result.Dropped);
        Assert.Null(result.Body["tool_choice"]);
    }

    /// <summary>Anthropic rejects white space at the end (crewAIInc/crewAI#4413, anomalyco/opencode#1295).</summary>
    [Fact]
    public void Prefill_TrailingSpace_IsTrimmed() =>
        Wire.AssertEqual(
            """[{"type":"text","text":"Say:"}]""",
            Translate(
                Protocol.ChatCompletions,
                ProviderKind.Anthropic,
                """{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"Say: \n"}]}"""
            )
                .Body["messages"]![1]!["content"]
        );

    /// <summary>
    /// Anthropic rejects thinking in a loop without its block (anomalyco/opencode#3077,
    /// openai/openai-agents-python#1704).
    /// </summary>
    [Theory]
    [InlineData("", "thinking")]
    [InlineData(""" "thinking_blocks":[{"type":"thinking","thinking":"hm","signature":"s"}],""", "")]
    public void Thinking_LoopWithoutBlock_IsDroppedAndNamed(string blocks, string dropped)
    {
        var result = Translate(
            Protocol.ChatCompletions,
            ProviderKind.Anthropic,
            $$"""
            {"thinking":{"type":"enabled","budget_tokens":2000},"messages":[{"role":"user","content":"q"},
              {"role":"assistant",{{blocks}}"tool_calls":[{"id":"c","type":"function",
               "function":{"name":"f","arguments":"{}"} }]},{"role":"tool","tool_call_id":"c","content":"r"}]}
            """
        );
        Assert.Equal(dropped, string.Join(',', result.Dropped));
        Assert.Equal(dropped.Length == 0, result.Body.ContainsKey("thinking"));
    }

    [Fact]
    public void Reasoning_OfOtherModel_IsNamedForAnthropic() =>
        Assert.Equal(
            ["reasoning"],
            Translate(
                Protocol.Responses,
                ProviderKind.Anthropic,
                """
                {"input":[{"role":"user","content":"q"},{"type":"reasoning","summary":[],
                  "content":[{"type":"reasoning_text","text":"hm"}]},{"role":"assistant","content":"a"},
                  {"role":"user","content":"r"}]}
                """
            ).Dropped
        );

    /// <summary>
    /// Anthropic rejects blank stop sequences (BerriAI/litellm#3286, MegaGrindStone/mcp-web-ui#5), both ways of
    /// sampling together (cloud-apim/otoroshi-llm-extension#140, anomalyco/opencode#28930) and OpenRouter's object.
    /// </summary>
    [Theory]
    [InlineData("""{"stop":["\n","END",""]}""", """{"stop_sequences":["END"]}""", "stop")]
    [InlineData("""{"stop":"\n"}""", "{}", "stop")]
    [InlineData("""{"temperature":0.2,"top_p":0.4}""", """{"temperature":0.2}""", "top_p")]
    [InlineData("""{"top_p":0.4}""", """{"top_p":0.4}""", "")]
    [InlineData("""{"reasoning":{"effort":"high"}}""", """{"output_config":{"effort":"high"}}""", "")]
    [InlineData("""{"reasoning":{"max_tokens":2000,"exclude":true}}""", "{}", "reasoning")]
    public void Chat_FieldsThatAnthropicRejects_AreFitted(string fields, string expected, string dropped)
    {
        var result = Translate(
            Protocol.ChatCompletions,
            ProviderKind.Anthropic,
            $$"""{"messages":[{"role":"user","content":"q"}],{{fields[1..]}}"""
        );
        result.Body.Remove("messages");
        result.Body.Remove("max_tokens");
        Wire.AssertEqual(expected, result.Body);
        Assert.Equal(dropped, string.Join(',', result.Dropped));
    }

    /// <summary>Claude Code's user id has 170 characters (looplj/axonhub#1669, mnfst/llm-gateway#2789).</summary>
    [Fact]
    public void User_TooLong_IsHashed()
    {
        var user = (string?)
            Translate(
                Protocol.Messages,
                ProviderKind.OpenAI,
                $$"""
                {"messages":[{"role":"user","content":"q"}],"metadata":{"user_id":"{{new string('u', 170)}}"} }
                """
            ).Body["user"];
        Assert.Matches("^[0-9a-f]{64}$", user);
    }

    /// <summary>Codex sends it with each request, and Anthropic rejects unknown fields.</summary>
    [Theory]
    [InlineData(nameof(ProviderKind.Anthropic))]
    [InlineData(nameof(ProviderKind.OpenAICompatible))]
    public void ClientMetadata_OfCodex_IsDroppedAndNamed(string kind)
    {
        var result = Translate(
            Protocol.Responses,
            Enum.Parse<ProviderKind>(kind),
            """{"input":"q","client_metadata":{"session_id":"s"}}"""
        );
        Assert.False(result.Body.ContainsKey("client_metadata"));
        Assert.Equal(["client_metadata"], result.Dropped);
    }

    private static TranslatedRequest Translate(Protocol client, ProviderKind kind, string body) =>
        ProtocolAdapters
            .Select(client, kind == ProviderKind.Anthropic ? [Protocol.Messages] : [Protocol.ChatCompletions])!
            .Value.Translation!.Request(Wire.Node(body), kind);
}
