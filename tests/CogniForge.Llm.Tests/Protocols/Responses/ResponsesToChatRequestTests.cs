using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Protocols.Translation.ResponsesToChat;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Tests.Protocols.Responses;

/// <summary>Translation of requests from responses to chat completions.</summary>
public class ResponsesToChatRequestTests
{
    private readonly ResponsesToChatTranslator _translation = new();

    /// <summary>A request with nearly all translatable fields.</summary>
    internal const string Full = """
        {"model":"m","instructions":"Be brief","store":false,"stream":true,"temperature":0.5,"top_p":null,
          "max_output_tokens":99,"background":false,"truncation":"disabled","previous_response_id":null,
         "input":[
           {"role":"developer","content":"Dev"},
           {"type":"message","role":"user","content":[{"type":"input_text","text":"See"},
             {"type":"input_image","image_url":"data:image/png;base64,AA==","detail":"low"},
             {"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,AA=="},
               {"type":"input_audio","input_audio":{"data":"AA==","format":"wav"}}]},
           {"id":"rs_1","type":"reasoning","summary":[]},
           {"id":"msg_1","type":"message","role":"assistant","status":"completed",
             "content":[{"type":"output_text","text":"Calling","annotations":[]}]},
           {"id":"fc_1","type":"function_call","call_id":"call_1","name":"f","arguments":"{\"a\":1}",
             "status":"completed"},
           {"type":"function_call","call_id":"call_2","name":"g","arguments":"{}"},
           {"type":"function_call_output","call_id":"call_1","output":"one"},
           {"type":"function_call_output","call_id":"call_2",
             "output":[{"type":"input_text","text":"two"},{"type":"input_text","text":"2"}]},
           {"role":"assistant","content":[{"type":"refusal","refusal":"No"}]},
           {"type":"function_call","call_id":"call_3","name":"f","arguments":"{}"}],
         "tools":[{"type":"function","name":"f","description":"F","parameters":{"type":"object"},"strict":true},
           {"type":"function","name":"g","parameters":null,"strict":null}],
         "tool_choice":{"type":"function","name":"f"},"parallel_tool_calls":false,
         "text":{"format":{"type":"json_schema","name":"s","schema":{"type":"object"},"strict":true},"verbosity":"low"},
         "reasoning":{"effort":"high","summary":null},"top_logprobs":2,"include":["message.output_text.logprobs"],
         "metadata":{"k":"v"},"user":"u","prompt_cache_key":"p","service_tier":"flex","unknown":[1]}
        """;

    [Fact]
    public void Request_AllFields_AreTranslated()
    {
        var (body, dropped) = _translation.Request(Wire.Node(Full));
        Wire.AssertEqual(
            """
            {"model":"m","stream":true,"temperature":0.5,"max_completion_tokens":99,
             "messages":[
               {"role":"system","content":"Be brief"},
               {"role":"developer","content":"Dev"},
               {"role":"user","content":[{"type":"text","text":"See"},
                 {"type":"image_url","image_url":{"url":"data:image/png;base64,AA==","detail":"low"}},
                 {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,AA=="}},
                   {"type":"input_audio","input_audio":{"data":"AA==","format":"wav"}}]},
               {"role":"assistant","content":"Calling","tool_calls":[{"id":"call_1","type":"function",
                 "function":{"name":"f","arguments":"{\"a\":1}"}},
                 {"id":"call_2","type":"function","function":{"name":"g","arguments":"{}"}}]},
               {"role":"tool","tool_call_id":"call_1","content":"one"},
               {"role":"tool","tool_call_id":"call_2","content":[{"type":"text","text":"two"},
                 {"type":"text","text":"2"}]},
               {"role":"assistant","content":[{"type":"refusal","refusal":"No"}],
                 "tool_calls":[{"id":"call_3","type":"function","function":{"name":"f","arguments":"{}"}}]}],
             "tools":[{"type":"function","function":{"name":"f","description":"F",
               "parameters":{"type":"object","properties":{}},"strict":true}},
               {"type":"function","function":{"name":"g"}}],
             "tool_choice":{"type":"function","function":{"name":"f"}},"parallel_tool_calls":false,
             "response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{"type":"object"},
               "strict":true}},"verbosity":"low",
             "reasoning_effort":"high","logprobs":true,"top_logprobs":2,
             "metadata":{"k":"v"},"user":"u","prompt_cache_key":"p","service_tier":"flex","unknown":[1]}
            """,
            body
        );
        Assert.Equal(["reasoning"], dropped);
    }

    [Fact]
    public void Request_Body_IsUnchanged()
    {
        var body = Wire.Node(Full);
        _translation.Request(body);
        Wire.AssertEqual(Full, body);
    }

    [Fact]
    public void Request_WithoutTools_OmitsToolChoice()
    {
        var (body, dropped) = _translation.Request(
            Wire.Node(
                """
                {"model":"m","input":"Hi","tools":[],"tool_choice":"auto","parallel_tool_calls":true,
                  "text":{"format":{"type":"text"}},"top_logprobs":0}
                """
            )
        );
        Wire.AssertEqual(
            """{"model":"m","messages":[{"role":"user","content":"Hi"}],"response_format":{"type":"text"}}""",
            body
        );
        Assert.Empty(dropped);
    }

    [Fact]
    public void Request_TextAfterCalls_StaysBeforeResults()
    {
        var (body, _) = _translation.Request(
            Wire.Node(
                """
                {"input":[{"role":"user","content":"Hi"},{"type":"function_call","call_id":"c","name":"f",
                  "arguments":"{}"},{"role":"assistant","content":"Wait"},
                  {"type":"function_call_output","call_id":"c","output":"1"}]}
                """
            )
        );
        Wire.AssertEqual(
            """
            [{"role":"user","content":"Hi"},{"role":"assistant","content":"Wait",
              "tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},
              {"role":"tool","tool_call_id":"c","content":"1"}]
            """,
            body["messages"]
        );
    }

    [Fact]
    public void Request_AllowedTools_AreNested()
    {
        var (body, _) = _translation.Request(
            Wire.Node(
                """
                {"input":"Hi","tool_choice":{"type":"allowed_tools","mode":"required",
                  "tools":[{"type":"function","name":"f"}]}}
                """
            )
        );
        Wire.AssertEqual(
            """
            {"type":"allowed_tools","allowed_tools":{"mode":"required",
              "tools":[{"type":"function","function":{"name":"f"}}]}}
            """,
            body["tool_choice"]
        );
    }

    [Fact]
    public void Request_FieldsWithoutEquivalent_AreDropped()
    {
        var (body, dropped) = _translation.Request(
            Wire.Node(
                """
                {"input":"Hi","store":true,"truncation":"auto","max_tool_calls":3,"reasoning":{"summary":"auto"},
                  "include":["reasoning.encrypted_content"],"text":{"new":1}}
                """
            )
        );
        Wire.AssertEqual("""{"messages":[{"role":"user","content":"Hi"}]}""", body);
        Assert.Equal(["store", "truncation", "max_tool_calls", "reasoning.summary", "text.new"], dropped);
    }

    /// <summary>Codex always sends them (openai/codex#32318): it must work at every provider.</summary>
    [Fact]
    public void Request_CodexTools_BecomeFunctions()
    {
        var (body, dropped) = _translation.Request(
            Wire.Node(
                """
                {"input":"Hi","tools":[{"type":"function","name":"exec","parameters":{"type":"object"}},
                  {"type":"namespace","name":"agents","tools":[{"type":"function","name":"spawn"}]},
                  {"type":"custom","name":"apply_patch","description":"Edits","format":{"type":"grammar"}},
                  {"type":"web_search"},{"type":"image_generation"}]}
                """
            )
        );
        Wire.AssertEqual(
            """
            [{"type":"function","function":{"name":"exec","parameters":{"type":"object","properties":{}}}},
             {"type":"function","function":{"name":"agents__spawn"}},
             {"type":"function","function":{"name":"apply_patch","description":"Edits",
               "parameters":{"type":"object","properties":{"input":{"type":"string"}},"required":["input"]}}}]
            """,
            body["tools"]
        );
        Assert.Equal(["tools.format", "web_search", "image_generation"], dropped);
    }

    /// <summary>Codex sends its tools so for GPT-6 (SaladDay/cc-switch-cli#466).</summary>
    [Fact]
    public void Request_ToolsInInput_BecomeFunctions()
    {
        var (body, dropped) = _translation.Request(
            Wire.Node(
                """
                {"tools":[{"type":"function","name":"exec"}],"tool_choice":"auto","input":[
                  {"type":"additional_tools","id":"at_1","role":"developer","tools":[
                    {"type":"namespace","name":"agents","tools":[{"type":"function","name":"spawn"}]}]},
                  {"role":"user","content":"Hi"}]}
                """
            )
        );
        Wire.AssertEqual(
            """
            {"tools":[{"type":"function","function":{"name":"exec"}},
               {"type":"function","function":{"name":"agents__spawn"}}],
             "tool_choice":"auto","messages":[{"role":"user","content":"Hi"}]}
            """,
            body
        );
        Assert.Empty(dropped);
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","format":{"type":"text"}""")]
    public void Request_CustomToolOfText_DropsNothing(string format) =>
        Assert.Empty(
            _translation
                .Request(Wire.Node($$"""{"input":"Hi","tools":[{"type":"custom","name":"edit"{{format}}}]}"""))
                .Dropped
        );

    [Theory]
    [InlineData("""{"type":"file_search"}""", "null")]
    [InlineData("\"required\"", "null")]
    [InlineData("""{"type":"allowed_tools","mode":"auto","tools":[{"type":"mcp"}]}""", "null")]
    public void Request_ChoiceOfDroppedTool_IsDropped(string choice, string expected)
    {
        var body = Wire.Node("""{"input":"Hi","tools":[{"type":"file_search"},{"type":"mcp"}]}""");
        body["tool_choice"] = JsonNode.Parse(choice);
        Wire.AssertEqual(expected, _translation.Request(body).Body["tool_choice"]);
    }

    [Fact]
    public void Request_CodexHistory_BecomesMessages()
    {
        var (body, dropped) = _translation.Request(
            Wire.Node(
                """
                {"input":[{"type":"message","role":"user","content":"Hi"},{"type":"item_reference","id":"msg_1"},
                  {"type":"function_call","call_id":"a","namespace":"agents","name":"spawn","arguments":"{}"},
                  {"type":"custom_tool_call","call_id":"b","name":"apply_patch","input":"*** Begin"},
                  {"type":"function_call_output","call_id":"a","output":[{"type":"input_text","text":"ok"},
                    {"type":"input_image","image_url":"https://a"}]},
                  {"type":"custom_tool_call_output","call_id":"b","output":"Done"},
                  {"type":"web_search_call","id":"ws_1"}]}
                """
            )
        );
        Wire.AssertEqual(
            """
            [{"role":"user","content":"Hi"},
             {"role":"assistant","content":null,"tool_calls":[
               {"id":"a","type":"function","function":{"name":"agents__spawn","arguments":"{}"}},
               {"id":"b","type":"function","function":{"name":"apply_patch","arguments":"{\"input\":\"*** Begin\"}"}}]},
             {"role":"tool","tool_call_id":"a","content":"ok"},
             {"role":"tool","tool_call_id":"b","content":"Done"},
             {"role":"user","content":[{"type":"image_url","image_url":{"url":"https://a"}}]}]
            """,
            body["messages"]
        );
        Assert.Equal(["item_reference", "web_search_call"], dropped);
    }

    /// <summary>DeepSeek and Kimi require their reasoning back; OpenAI's chat completions reject it.</summary>
    [Theory]
    [InlineData(nameof(ProviderKind.OpenAICompatible), "reasoning_content")]
    [InlineData(nameof(ProviderKind.OpenRouter), "reasoning")]
    [InlineData(nameof(ProviderKind.OpenAI), null)]
    public void Request_Reasoning_IsSentWhereAccepted(string kind, string? member)
    {
        var body = _translation.Request(Wire.Node(Reasoning), Enum.Parse<ProviderKind>(kind)).Body;
        var message = body["messages"]![1]!.AsObject();
        Assert.Equal(member is null ? 3 : 4, message.Count);
        Assert.Equal(member is null ? null : "hm", member is null ? null : (string?)message[member]);
    }

    /// <summary>Anthropic rejects a tool loop without its signed thinking (langgenius/dify#41092).</summary>
    [Fact]
    public void Request_SignedReasoning_BecomesThinkingBlock()
    {
        var chain = ProtocolAdapters.Select(Protocol.Responses, [Protocol.Messages])!.Value.Translation!;
        var body = chain.Request(Wire.Node(Reasoning), ProviderKind.Anthropic).Body;
        Wire.AssertEqual(
            """
            [{"type":"thinking","thinking":"hm","signature":"SIG=="},
             {"type":"tool_use","id":"a","name":"f","input":{}}]
            """,
            body["messages"]![1]!["content"]
        );
    }

    private const string Reasoning = """
        {"input":[{"type":"message","role":"user","content":"Hi"},
          {"type":"reasoning","id":"rs","summary":[],"content":[{"type":"reasoning_text","text":"hm"}],
           "encrypted_content":"SIG=="},
          {"type":"function_call","call_id":"a","name":"f","arguments":"{}"},
          {"type":"function_call_output","call_id":"a","output":"ok"}]}
        """;

    [Theory]
    [InlineData("previous_response_id", "\"resp_1\"", "previous_response_id", "stores nothing")]
    [InlineData("conversation", "\"conv_1\"", "conversation", "stores nothing")]
    [InlineData("prompt", """{"id":"p"}""", "prompt", "send the text in input")]
    [InlineData("background", "true", "background", "must be false")]
    [InlineData("tools", """[{"type":"function"}]""", "tools[0].name", "must be a string")]
    [InlineData("tools", "{}", "tools", "must be an array")]
    [InlineData(
        "tools",
        """[{"type":"namespace","name":"a","tools":[{"type":"namespace","name":"b","tools":[]}]}]""",
        "tools[0].tools[0].name",
        "not within another namespace"
    )]
    [InlineData("tools", "[null]", "tools[0]", "must be an object")]
    [InlineData("tool_choice", "1", "tool_choice", "must be a string or an object")]
    [InlineData("text", "\"x\"", "text", "must be an object")]
    [InlineData("text", """{"format":"json"}""", "text.format", "must be an object")]
    [InlineData(
        "text",
        """{"format":{"type":"grammar"}}""",
        "text.format.type",
        "must be text, json_object or json_schema"
    )]
    [InlineData("reasoning", "\"high\"", "reasoning", "must be an object")]
    [InlineData("top_logprobs", "\"2\"", "top_logprobs", "must be a whole number")]
    [InlineData("include", "[1]", "include[0]", "must be a string")]
    [InlineData("instructions", "[]", "instructions", "must be a string")]
    [InlineData("input", "null", "input", "must be a string or an array")]
    [InlineData("input", "[]", "input", "at least one item")]
    [InlineData("input", "[1]", "input[0]", "must be an object")]
    [InlineData("input", """["Hi"]""", "input[0]", "must be an object")]
    [InlineData("input", """[{"role":"tool","content":"x"}]""", "input[0].role", "must be one of user")]
    [InlineData("input", """[{"content":"x"}]""", "input[0].role", "must be a string")]
    [InlineData(
        "input",
        """[{"role":"user"}]""",
        "input[0].content",
        "must be a string of valid Unicode or an array of parts"
    )]
    [InlineData(
        "input",
        """[{"role":"user","content":[{"type":"text","text":"x"}]}]""",
        "input[0].content[0].type",
        "must be input_text"
    )]
    [InlineData(
        "input",
        """[{"role":"user","content":[{"type":"input_text"}]}]""",
        "input[0].content[0].text",
        "must be a string"
    )]
    [InlineData(
        "input",
        """[{"role":"user","content":[{"type":"input_image","file_id":"f"}]}]""",
        "input[0].content[0].file_id",
        "send the image in image_url"
    )]
    [InlineData(
        "input",
        """[{"role":"user","content":[{"type":"input_image"}]}]""",
        "input[0].content[0].image_url",
        "must be a string"
    )]
    [InlineData(
        "input",
        """[{"role":"user","content":[{"type":"input_file","file_url":"https://a"}]}]""",
        "input[0].content[0].file_url",
        "file_data"
    )]
    [InlineData(
        "input",
        """[{"role":"assistant","content":[{"type":"input_image","image_url":"https://a"}]}]""",
        "input[0].content[0].type",
        "must be text here"
    )]
    [InlineData(
        "input",
        """[{"type":"function_call","name":"f","arguments":"{}"}]""",
        "input[0].call_id",
        "must be a string"
    )]
    [InlineData(
        "input",
        """[{"type":"function_call","call_id":"c","name":"f","arguments":{}}]""",
        "input[0].arguments",
        "must be a string"
    )]
    public void Request_UnsupportedField_ThrowsPathAndRule(string name, string value, string path, string rule)
    {
        var body = Wire.Node("""{"model":"m","input":"Hi"}""");
        body[name] = JsonNode.Parse(value);
        var error = Assert.Throws<UnsupportedByProviderException>(() => _translation.Request(body));
        Assert.Equal(path, error.Path);
        Assert.Contains(rule, error.Rule, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"input":"a","input":"b"}""")]
    [InlineData("""{"input":"\ud83d"}""")]
    [InlineData("""{"input":"a","metadata":{"\ud83d":1}}""")]
    public void Request_DuplicateNamesOrInvalidUnicode_Throws(string body) =>
        Assert.Throws<UnsupportedByProviderException>(() => _translation.Request(Wire.Node(body)));

    [Theory]
    [InlineData("""{"id":"a","id":"b"}""")]
    [InlineData("""{"choices":[{"message":{"content":"\ud83d"}}]}""")]
    public void Response_DuplicateNamesOrInvalidUnicode_Throws(string body) =>
        Assert.ThrowsAny<JsonException>(() => _translation.Response([], Wire.Node(body)));
}
