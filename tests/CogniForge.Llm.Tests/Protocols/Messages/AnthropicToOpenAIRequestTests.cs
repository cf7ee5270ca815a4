using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Tests.Protocols.Messages;

public class AnthropicToOpenAIRequestTests
{
    private readonly AnthropicToOpenAITranslator _translation = new();

    [Fact]
    public void Request_AllFields_AreTranslated()
    {
        var (body, dropped) = Request(
            """
            {"model":"m","max_tokens":7,"stream":true,"temperature":0.5,"top_p":0.9,"top_k":40,"stop_sequences":["END"],
              "metadata":{"user_id":"u1"},"service_tier":"standard_only","min_p":0.1,
             "system":[{"type":"text","text":"One","cache_control":{"type":"ephemeral"}},{"type":"text","text":"Two"}],
               "cache_control":{"type":"ephemeral"},
             "thinking":{"type":"enabled","budget_tokens":2000},"speed":"fast",
               "output_config":{"effort":"high","format":{"type":"json_schema","schema":{"type":"object"}}},
             "tools":[{"name":"f","description":"d","input_schema":{"type":"object"},
               "cache_control":{"type":"ephemeral"}},{"type":"custom","name":"g","input_schema":{"type":"object"},
               "strict":true},{"type":"web_search_20250305","name":"web_search"}],
             "tool_choice":{"type":"tool","name":"f","disable_parallel_tool_use":true},
             "messages":[{"role":"user","content":"Hi"}]}
            """
        );
        Wire.AssertEqual(
            """
            {"model":"m","max_completion_tokens":7,"stream":true,"stream_options":{"include_usage":true},
              "temperature":0.5,"top_p":0.9,"top_k":40,"stop":["END"],"user":"u1","service_tier":"default","min_p":0.1,
             "reasoning_effort":"high","response_format":{"type":"json_schema",
               "json_schema":{"name":"answer","schema":{"type":"object"}}},
             "tools":[{"type":"function","function":{"name":"f","description":"d",
               "parameters":{"type":"object","properties":{}}}},{"type":"function",
               "function":{"name":"g","parameters":{"type":"object","properties":{}},"strict":true}}],
             "tool_choice":{"type":"function","function":{"name":"f"}},"parallel_tool_calls":false,
             "messages":[{"role":"system","content":"One\n\nTwo"},{"role":"user","content":"Hi"}]}
            """,
            body
        );
        Assert.Equal(["speed", "web_search_20250305"], dropped);
    }

    /// <summary>Claude Code asks for thinking by budget; OpenAI's highest effort has another name.</summary>
    [Theory]
    [InlineData("""{"output_config":{"effort":"max"}}""", nameof(ProviderKind.OpenAI), "xhigh")]
    [InlineData("""{"output_config":{"effort":"max"}}""", nameof(ProviderKind.OpenAICompatible), "high")]
    [InlineData("""{"thinking":{"type":"enabled","budget_tokens":10000}}""", nameof(ProviderKind.OpenAI), "medium")]
    [InlineData("""{"thinking":{"type":"enabled","budget_tokens":1024}}""", nameof(ProviderKind.OpenAI), "low")]
    [InlineData("""{"thinking":{"type":"enabled","budget_tokens":32000}}""", nameof(ProviderKind.OpenAI), "high")]
    [InlineData("""{"thinking":{"type":"adaptive"}}""", nameof(ProviderKind.OpenAI), null)]
    [InlineData("""{"thinking":{"type":"disabled"}}""", nameof(ProviderKind.OpenAI), null)]
    public void Request_Thinking_BecomesEffort(string fields, string kind, string? expected)
    {
        var request = Wire.Node(fields);
        request["messages"] = JsonNode.Parse("""[{"role":"user","content":"Hi"}]""");
        var body = new AnthropicToOpenAITranslator().Request(request, Enum.Parse<ProviderKind>(kind)).Body;
        Assert.Equal(expected, (string?)body["reasoning_effort"]);
    }

    /// <summary>The last effort within the conversation counts; platform.claude.com: effort-per-message.</summary>
    [Fact]
    public void Request_EffortOfMessage_ReplacesThatOfRequest()
    {
        var (body, dropped) = Request(
            """
            {"output_config":{"effort":"high"},"messages":[{"role":"user","content":"Hi"},
              {"role":"system","content":[],"output_config":{"effort":"medium"}},
              {"role":"system","content":"Be brief.","output_config":{"effort":"low"}},
              {"role":"system","content":"","output_config":{}}]}
            """
        );
        Assert.Equal("low", (string?)body["reasoning_effort"]);
        Wire.AssertEqual(
            """[{"role":"user","content":"Hi"},{"role":"system","content":"Be brief."}]""",
            body["messages"]
        );
        Assert.Empty(dropped);
    }

    /// <summary>The provider's rules replace it, because each model switches thinking off in its own way.</summary>
    [Theory]
    [InlineData("disabled", true)]
    [InlineData("adaptive", false)]
    public void Request_DisabledThinking_RemainsForRules(string type, bool remains) =>
        Assert.Equal(
            remains,
            Request($$$"""{"thinking":{"type":"{{{type}}}"},"messages":[{"role":"user","content":"Hi"}]}""")
                .Body.ContainsKey("thinking")
        );

    /// <summary>The beta's field and its successor, which counts if both are there.</summary>
    [Theory]
    [InlineData("""{"output_format":FORMAT}""")]
    [InlineData("""{"output_config":{"format":FORMAT}}""")]
    [InlineData("""{"output_config":{"format":FORMAT},"output_format":{"type":"json_schema","schema":{}}}""")]
    [InlineData("""{"output_config":{"effort":"low"},"output_format":FORMAT}""")]
    public void Request_Schema_BecomesResponseFormat(string fields)
    {
        const string Format = """{"type":"json_schema","schema":{"type":"object"}}""";
        var request = Wire.Node(fields.Replace("FORMAT", Format, StringComparison.Ordinal));
        request["messages"] = JsonNode.Parse("""[{"role":"user","content":"Hi"}]""");

        var (body, dropped) = _translation.Request(request);

        Wire.AssertEqual(
            """{"type":"json_schema","json_schema":{"name":"answer","schema":{"type":"object"}}}""",
            body["response_format"]
        );
        Assert.Null(body["output_format"]);
        Assert.Empty(dropped);
    }

    /// <summary>Claude Code sends instructions within the conversation; Qwen's template rejects them there.</summary>
    [Fact]
    public void Request_LaterInstructions_JoinUserTurn() =>
        Wire.AssertEqual(
            """
            [{"role":"system","content":"S\n\nS2"},{"role":"user","content":"U"},{"role":"assistant","content":"A"},
             {"role":"user","content":"S3\n\nU2\n\nS4"}]
            """,
            new AnthropicToOpenAITranslator()
                .Request(
                    Wire.Node(
                        """
                        {"system":"S","messages":[{"role":"system","content":"S2"},{"role":"user","content":"U"},
                          {"role":"assistant","content":"A"},{"role":"system","content":"S3"},
                          {"role":"user","content":"U2"},{"role":"system","content":"S4"}]}
                        """
                    ),
                    ProviderKind.OpenAICompatible
                )
                .Body["messages"]
        );

    [Fact]
    public void Request_InstructionsAfterCall_FollowResult() =>
        Wire.AssertEqual(
            """
            [{"role":"user","content":"U"},
             {"role":"assistant","content":null,
              "tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},
             {"role":"tool","tool_call_id":"a","content":"r"},
             {"role":"user","content":"S"}]
            """,
            new AnthropicToOpenAITranslator()
                .Request(
                    Wire.Node(
                        """
                        {"messages":[{"role":"user","content":"U"},
                          {"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":{}}]},
                          {"role":"system","content":"S"},
                          {"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":"r"}]}]}
                        """
                    ),
                    ProviderKind.OpenAICompatible
                )
                .Body["messages"]
        );

    /// <summary>DeepSeek and Kimi require it (router-for-me/CLIProxyAPI#4776), OpenAI rejects it.</summary>
    [Theory]
    [InlineData(nameof(ProviderKind.OpenAICompatible), "reasoning_content", "hm")]
    [InlineData(nameof(ProviderKind.OpenRouter), "reasoning", "hm")]
    [InlineData(nameof(ProviderKind.OpenAI), "reasoning_content", null)]
    public void Request_Thinking_IsSentWhereAccepted(string kind, string member, string? expected) =>
        Assert.Equal(
            expected,
            (string?)
                new AnthropicToOpenAITranslator()
                    .Request(
                        Wire.Node(
                            """
                            {"messages":[{"role":"user","content":"U"},{"role":"assistant","content":[
                              {"type":"thinking","thinking":"hm","signature":""},
                              {"type":"tool_use","id":"a","name":"f","input":{}}]}]}
                            """
                        ),
                        Enum.Parse<ProviderKind>(kind)
                    )
                    .Body["messages"]![1]![member]
        );

    [Fact]
    public void Request_Conversation_BecomesChat()
    {
        var (body, dropped) = Request(
            """
            {"messages":[
              {"role":"user","content":[{"type":"text","text":"A"},
                {"type":"text","text":"B","cache_control":{"type":"ephemeral"}}]},
              {"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"s"},
                {"type":"text","text":"Look"},{"type":"text","text":"ing"},
                {"type":"server_tool_use","id":"s1","name":"web_search","input":{}},
                {"type":"tool_use","id":"toolu_1","name":"f","input":{"x":"é"}},
                  {"type":"tool_use","id":"toolu_2","name":"g","input":{}}]},
              {"role":"user","content":[
                {"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"text","text":"r1"},
                  {"type":"image","source":{"type":"base64","media_type":"image/png","data":"aGk="}}],"is_error":true},
                {"type":"tool_result","tool_use_id":"toolu_2"},
                {"type":"text","text":"And?"}]},
              {"role":"system","content":"Now in French."},
              {"role":"assistant","content":[{"type":"tool_use","id":"toolu_3","name":"g","input":{}}]},
              {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_3","content":"r3"}]}]}
            """
        );
        Wire.AssertEqual(
            """
            [{"role":"user","content":"A\n\nB"},
             {"role":"assistant","content":"Looking","tool_calls":[{"id":"toolu_1","type":"function",
               "function":{"name":"f","arguments":"{\"x\":\"é\"}"}},
               {"id":"toolu_2","type":"function","function":{"name":"g","arguments":"{}"}}]},
             {"role":"tool","tool_call_id":"toolu_1","content":"r1"},
             {"role":"tool","tool_call_id":"toolu_2","content":""},
             {"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,aGk="}},
               {"type":"text","text":"And?"}]},
             {"role":"system","content":"Now in French."},
             {"role":"assistant","content":null,"tool_calls":[{"id":"toolu_3","type":"function",
               "function":{"name":"g","arguments":"{}"}}]},
             {"role":"tool","tool_call_id":"toolu_3","content":"r3"}]
            """,
            body["messages"]
        );
        Assert.Equal(["server_tool_use", "thinking", "tool_result.is_error"], dropped);
    }

    [Fact]
    public void Request_Documents_BecomeFilesOrText() =>
        Wire.AssertEqual(
            """
            [{"role":"user","content":[{"type":"file","file":{"filename":"a.pdf",
              "file_data":"data:application/pdf;base64,aGk="}},{"type":"text","text":"plain"},
              {"type":"text","text":"T\nhttps://x\nfound"},
                                       {"type":"image_url","image_url":{"url":"https://x/y.png"}}]}]
            """,
            Request(
                """
                {"messages":[{"role":"user","content":[
                  {"type":"document","title":"a.pdf","source":{"type":"base64","media_type":"application/pdf",
                    "data":"aGk="}},
                  {"type":"document","source":{"type":"text","media_type":"text/plain","data":"plain"}},
                  {"type":"search_result","title":"T","source":"https://x","content":[{"type":"text","text":"found"}]},
                  {"type":"image","source":{"type":"url","url":"https://x/y.png"}}]}]}
                """
            ).Body["messages"]
        );

    [Theory]
    [InlineData("auto", "\"auto\"")]
    [InlineData("any", "\"required\"")]
    [InlineData("none", "\"none\"")]
    public void Request_ToolChoice_IsTranslated(string type, string expected) =>
        Wire.AssertEqual(
            expected,
            Request(
                $$$"""
                {"messages":[{"role":"user","content":"Hi"}],"tools":[{"name":"f","input_schema":{}}],
                  "tool_choice":{"type":"{{{type}}}"}}
                """
            ).Body["tool_choice"]
        );

    [Fact]
    public void Request_OnlyServerTools_HasNoChoice() =>
        Assert.Equal(
            ["messages"],
            Request(
                """
                {"messages":[{"role":"user","content":"Hi"}],"tools":[{"type":"bash_20250124","name":"bash"}],
                  "tool_choice":{"type":"any"}}
                """
            )
                .Body.Select(m => m.Key)
        );

    [Theory]
    [InlineData("{}", "messages", "must be an array with at least one message")]
    [InlineData("""{"messages":{}}""", "messages", "must be an array")]
    [InlineData(
        """{"messages":[{"role":"tool","content":"x"}]}""",
        "messages[0].role",
        "must be one of user, assistant, system"
    )]
    [InlineData("""{"messages":[{"role":"user","content":[5]}]}""", "messages[0].content[0]", "must be an object")]
    [InlineData(
        """{"messages":[{"role":"user","content":[{"type":"text"}]}]}""",
        "messages[0].content[0].text",
        "must be a string"
    )]
    [InlineData(
        """{"messages":[{"role":"user","content":[{"type":"image","source":{"type":"file","file_id":"x"}}]}]}""",
        "messages[0].content[0].source.type",
        "must be \"base64\" or \"url\" for this model"
    )]
    [InlineData(
        """{"messages":[{"role":"user","content":[{"type":"tool_result"}]}]}""",
        "messages[0].content[0].tool_use_id",
        "must be a string"
    )]
    [InlineData(
        """{"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":"{}"}]}]}""",
        "messages[0].content[0].input",
        "must be an object"
    )]
    [InlineData(
        """{"messages":[{"role":"user","content":"x"}],"tool_choice":{"type":"some"}}""",
        "tool_choice.type",
        "must be one of auto, any, tool, none"
    )]
    [InlineData("""{"messages":[{"role":"user","content":"x"}],"stream":"yes"}""", "stream", "must be true or false")]
    [InlineData(
        """{"messages":[{"role":"user","content":"x"}],"output_format":{"type":"grammar"}}""",
        "output_format.type",
        "must be \"json_schema\" for this model"
    )]
    [InlineData(
        """{"messages":[{"role":"user","content":"x"}],"output_config":{"format":{"type":"grammar"}}}""",
        "output_config.format.type",
        "must be \"json_schema\" for this model"
    )]
    public void Request_InvalidField_ThrowsPathAndRule(string body, string path, string rule)
    {
        var e = Assert.Throws<UnsupportedByProviderException>(() => Request(body));
        Assert.Equal((path, rule), (e.Path, e.Rule));
    }

    private TranslatedRequest Request(string body) => _translation.Request(Wire.Node(body));
}
