using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Protocols.Translation.OpenAIToAnthropic;

namespace CogniForge.Llm.Tests.Protocols.Messages;

public class OpenAIToAnthropicRequestTests
{
    private readonly OpenAIToAnthropicTranslator _translation = new(TimeProvider.System);

    /// <summary>At the top, a later instruction would change what Anthropic has cached.</summary>
    [Fact]
    public void Translate_LaterInstruction_StaysInPlace() =>
        Assert.Equal(
            ["user", "assistant", "user"],
            Conversation(
                """
                {"role":"system","content":"One"},{"role":"user","content":"Hi"},
                {"role":"assistant","content":"Hello"},{"role":"developer","content":"Now summarize."}
                """
            )["messages"]!
                .AsArray()
                .Select(m => m!["role"]!.GetValue<string>())
        );

    [Fact]
    public void Request_Plain_BecomesMessagesRequest() =>
        Wire.AssertEqual(
            """{"model":"m","max_tokens":4096,"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}]}""",
            Request("""{"model":"m","messages":[{"role":"user","content":"Hi"}]}""").Body
        );

    [Fact]
    public void Request_AllFields_AreTranslated()
    {
        var body = Wire.Node(
            """
            {"model":"m","stream":true,"stream_options":{"include_usage":true},"temperature":0.5,
              "max_tokens":5,"max_completion_tokens":7,"stop":"END","user":"u1","n":1,
             "reasoning_effort":"minimal","service_tier":"default","parallel_tool_calls":false,"top_k":40,
               "thinking":{"type":"adaptive"},
             "response_format":{"type":"json_schema","json_schema":{"name":"a","strict":true,
               "schema":{"type":"object","properties":{}}}},
             "tools":[{"type":"function","function":{"name":"f","description":"d","strict":true,
               "parameters":{"type":"object","properties":{}}}},{"type":"function","function":{"name":"g"}}],
             "tool_choice":{"type":"function","function":{"name":"f"}},
             "messages":[{"role":"user","content":"Hi"}]}
            """
        );
        var before = body.DeepClone();
        var (result, dropped) = _translation.Request(body);
        Wire.AssertEqual(
            """
            {"model":"m","stream":true,"temperature":0.5,"max_tokens":7,"stop_sequences":["END"],
              "metadata":{"user_id":"u1"},
             "output_config":{"effort":"low",
               "format":{"type":"json_schema",
                 "schema":{"type":"object","properties":{},"additionalProperties":false}}},
               "service_tier":"standard_only","top_k":40,"thinking":{"type":"adaptive"},
             "tools":[{"name":"f","description":"d","strict":true,
                 "input_schema":{"type":"object","properties":{},"additionalProperties":false}},
               {"name":"g","input_schema":{"type":"object","properties":{}}}],
             "tool_choice":{"type":"tool","name":"f","disable_parallel_tool_use":true},
             "messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}]}
            """,
            result
        );
        Assert.Empty(dropped);
        Wire.AssertEqual(before, body);
    }

    [Fact]
    public void Request_NameOfMessage_IsNamed()
    {
        var (body, dropped) = Request(
            """{"messages":[{"role":"user","name":"Ann","content":"Hi"},{"role":"user","name":"Bob","content":"Ho"}]}"""
        );
        Assert.Equal(["messages.name"], dropped);
        Assert.DoesNotContain("Ann", body.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Request_AnthropicsOwnTools_Pass() =>
        Wire.AssertEqual(
            """[{"type":"web_search_20250305","name":"web_search"},{"type":"mcp_toolset","mcp_server_name":"s"}]""",
            Request(
                """
                {"messages":[{"role":"user","content":"Hi"}],
                 "tools":[{"type":"web_search_20250305","name":"web_search"},
                   {"type":"mcp_toolset","mcp_server_name":"s"}]}
                """
            ).Body["tools"]
        );

    [Fact]
    public void Request_FormatWithoutSchema_IsNamed()
    {
        var (body, dropped) = Request(
            """
            {"messages":[{"role":"user","content":"Hi"}],
             "response_format":{"type":"json_schema","json_schema":{"name":"a"}}}
            """
        );
        Assert.Equal(["response_format"], dropped);
        Assert.False(body.ContainsKey("output_config"));
    }

    [Fact]
    public void Request_Conversation_AlternatesWithToolResultsFirst() =>
        Wire.AssertEqual(
            """
            {"system":"One",
             "messages":[
              {"role":"user","content":[{"type":"text","text":"A"},{"type":"text","text":"B"}]},
              {"role":"assistant","content":[{"type":"text","text":"Looking"},
                {"type":"tool_use","id":"call_1","name":"f","input":{"x":1}},
                {"type":"tool_use","id":"functions_g_0","name":"g","input":{}}]},
              {"role":"user","content":[{"type":"tool_result","tool_use_id":"call_1","content":"r1"},
                {"type":"tool_result","tool_use_id":"functions_g_0","content":[{"type":"text","text":"r2"}]},
                {"type":"text","text":"And?"},{"type":"text","text":"Two"}]},
              {"role":"assistant","content":[{"type":"text","text":"No."}]}]}
            """,
            Conversation(
                """
                {"role":"system","content":"One"},
                {"role":"user","content":"A"},
                {"role":"user","content":[{"type":"text","text":"B"},{"type":"text","text":""}]},
                {"role":"assistant","content":"Looking","reasoning_content":"hm","tool_calls":[
                  {"id":"call_1","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}},
                    {"id":"functions.g:0","type":"function","function":{"name":"g","arguments":""}}]},
                {"role":"tool","tool_call_id":"call_1","content":"r1"},
                {"role":"user","content":"And?"},
                {"role":"developer","content":[{"type":"text","text":"Two"}]},
                {"role":"tool","tool_call_id":"functions.g:0","content":[{"type":"text","text":"r2"}]},
                {"role":"assistant","content":null,"refusal":"No."},
                {"role":"user","content":""}
                """
            )
        );

    [Fact]
    public void Request_Parts_BecomeBlocks() =>
        Wire.AssertEqual(
            """
            {"system":[{"type":"text","text":"S","cache_control":{"type":"ephemeral"}}],
             "messages":[{"role":"user","content":[
              {"type":"text","text":"T","cache_control":{"type":"ephemeral"}},
              {"type":"image","source":{"type":"base64","media_type":"image/png","data":"aGk="}},
              {"type":"image","source":{"type":"url","url":"https://x/y.png"}},
              {"type":"document","title":"a.pdf","source":{"type":"base64","media_type":"application/pdf",
                "data":"aGk="}},
              {"type":"search_result","source":"s"}]}]}
            """,
            Conversation(
                """
                {"role":"system","content":[{"type":"text","text":"S","cache_control":{"type":"ephemeral"}}]},
                {"role":"user","content":[
                  {"type":"text","text":"T","cache_control":{"type":"ephemeral"}},
                  {"type":"image_url","image_url":{"url":"data:image/png;base64,aGk=","detail":"low"}},
                  {"type":"image_url","image_url":{"url":"https://x/y.png"}},
                  {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,aGk="}},
                  {"type":"search_result","source":"s"}]}
                """
            )
        );

    [Fact]
    public void Request_OneInstruction_BecomesText() =>
        Assert.Equal(
            "Be brief.",
            (string?)
                Conversation("""{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}""")["system"]
        );

    [Fact]
    public void Request_OnlyInstructions_BecomeUserTurn() =>
        Wire.AssertEqual(
            """{"messages":[{"role":"user","content":[{"type":"text","text":"Tell a joke."}]}]}""",
            Conversation("""{"role":"system","content":"Tell a joke."}""")
        );

    [Theory]
    [InlineData("\"auto\"", """{"type":"auto"}""")]
    [InlineData("\"required\"", """{"type":"any"}""")]
    [InlineData("\"none\"", """{"type":"none"}""")]
    [InlineData("null", null)]
    public void Request_ToolChoice_IsTranslated(string choice, string? expected) =>
        Wire.AssertEqual(expected ?? "null", WithTools($$"""  "tool_choice":{{choice}}  """)["tool_choice"]);

    [Theory]
    [InlineData("null", """{"type":"auto","disable_parallel_tool_use":true}""")]
    [InlineData("\"none\"", """{"type":"none"}""")]
    public void Request_ParallelToolCallsFalse_IsTranslated(string choice, string expected) =>
        Wire.AssertEqual(
            expected,
            WithTools($$"""  "parallel_tool_calls":false,"tool_choice":{{choice}}  """)["tool_choice"]
        );

    [Fact]
    public void Request_ChoiceWithoutTools_IsOmitted() =>
        Assert.False(
            Request(
                """
                {"messages":[{"role":"user","content":"Hi"}],"tools":[],"tool_choice":"none",
                  "parallel_tool_calls":false}
                """
            )
                .Body.ContainsKey("tool_choice")
        );

    [Fact]
    public void Request_FieldsWithoutEquivalent_AreDropped()
    {
        var (body, dropped) = Request(
            """
            {"messages":[{"role":"user","content":"Hi"}],"seed":0,"logprobs":true,"top_logprobs":2,"logit_bias":{"1":2},
              "frequency_penalty":0.1,"presence_penalty":0,"store":false,"metadata":{},
             "response_format":{"type":"json_object"},"service_tier":"flex","prompt_cache_key":"k","verbosity":null}
            """
        );
        Assert.Equal(
            [
                "seed",
                "logprobs",
                "top_logprobs",
                "logit_bias",
                "frequency_penalty",
                "prompt_cache_key",
                "response_format",
                "service_tier",
            ],
            dropped
        );
        Assert.Equal(["max_tokens", "messages"], body.Select(m => m.Key).Order());
    }

    [Theory]
    [InlineData("""{"messages":5}""", "messages", "must be an array")]
    [InlineData("""{"messages":[]}""", "messages", "must be an array with at least one message")]
    [InlineData("{}", "messages", "must be an array with at least one message")]
    [InlineData("""{"messages":[{"role":"user","content":""}]}""", "messages", "must contain a non-empty message")]
    [InlineData("""{"n":2}""", "n", "must be 1 for this model")]
    [InlineData("""{"max_tokens":0}""", "max_tokens", "must be a whole number, 1 or more")]
    [InlineData("""{"functions":[]}""", "functions", "is not supported for this model: use tools and tool_choice")]
    [InlineData("""{"messages":[5]}""", "messages[0]", "must be an object")]
    [InlineData("""{"messages":[null]}""", "messages[0].role", "must be a string")]
    [InlineData(
        """{"messages":[{"role":"function"}]}""",
        "messages[0].role",
        "must be one of developer, system, user, assistant, tool for this model"
    )]
    [InlineData("""{"messages":[{"role":"user","content":5}]}""", "messages[0].content", "must be an array")]
    [InlineData(
        """{"messages":[{"role":"user","content":[{"type":"input_audio"}]}]}""",
        "messages[0].content[0].type",
        "must be text, image_url or file for this model"
    )]
    [InlineData(
        """{"messages":[{"role":"user","content":[{"type":"image_url"}]}]}""",
        "messages[0].content[0].image_url.url",
        "must be a string"
    )]
    [InlineData(
        """{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:x,y"}}]}]}""",
        "messages[0].content[0].image_url.url",
        "must be an https URL or a data URL in base64"
    )]
    [InlineData("""{"messages":[{"role":"tool","content":"x"}]}""", "messages[0].tool_call_id", "must be a string")]
    [InlineData(
        """{"messages":[{"role":"user","content":"x"}],"tools":[{"type":"custom","custom":{"name":"x"}}]}""",
        "tools[0].type",
        "must be \"function\" for this model"
    )]
    [InlineData(
        """{"messages":[{"role":"user","content":"x"}],"tools":[{"type":"web_search"}]}""",
        "tools[0].type",
        "must be \"function\" for this model"
    )]
    [InlineData(
        """{"messages":[{"role":"user","content":"x"}],"tools":[{"type":"web_search_preview_2025_03_11"}]}""",
        "tools[0].type",
        "must be \"function\" for this model"
    )]
    [InlineData(
        """{"messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{}}]}""",
        "tools[0].function.name",
        "must be a string"
    )]
    [InlineData("""{"messages":[{"role":"user","content":"x"}],"stop":5}""", "stop", "must be a string")]
    public void Request_InvalidField_ThrowsPathAndRule(string body, string path, string rule)
    {
        var e = Assert.Throws<UnsupportedByProviderException>(() => Request(body));
        Assert.Equal((path, rule), (e.Path, e.Rule));
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","role":"user","content":"x"}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":"\ud800"}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":"x","\ud800":1}]}""")]
    public void Request_DuplicateNamesOrInvalidUnicode_Throws(string body) =>
        Assert.Throws<UnsupportedByProviderException>(() => Request(body));

    private TranslatedRequest Request(string body) => _translation.Request(Wire.Node(body));

    private JsonObject WithTools(string members) =>
        Request(
            $$$"""
            {"messages":[{"role":"user","content":"Hi"}],"tools":[{"type":"function","function":{"name":"f"}}],
              {{{members}}}}
            """
        ).Body;

    private JsonObject Conversation(string messages)
    {
        var body = Request($$"""{"messages":[{{messages}}]}""").Body;
        Assert.True(body.Remove("max_tokens"));
        return body;
    }

    /// <summary>dust-tt/dust#24414: the model's own mistake in the history must not end the conversation.</summary>
    [Theory]
    [InlineData("\"{\"", """{"INVALID_JSON":"{"}""")]
    [InlineData("\"[]\"", """{"INVALID_JSON":"[]"}""")]
    [InlineData("""{"x":1}""", """{"x":1}""")]
    [InlineData("\"null\"", "{}")]
    // FoundationAgents/OpenManus#989, quarkiverse/quarkus-langchain4j#2642: encoded twice
    [InlineData(@"""\""{\\\""x\\\"":1}\""""", """{"x":1}""")]
    public void Request_UnusualArguments_StayReadable(string arguments, string expected) =>
        Wire.AssertEqual(
            expected,
            new OpenAIToAnthropicTranslator(TimeProvider.System)
                .Request(
                    Wire.Node(
                        """{"messages":[{"role":"assistant","tool_calls":[{"id":"a","function":"""
                            + """{"name":"f","arguments":"""
                            + arguments
                            + "}}]}]}"
                    )
                )
                .Body["messages"]![0]!["content"]![0]!["input"]
        );

    /// <summary>Qwen and DeepSeek write line breaks before a call, and Anthropic rejects blank text.</summary>
    [Fact]
    public void Request_BlankTextEmptySchemaSignedThinking_KeepAnthropicsRules()
    {
        var body = new OpenAIToAnthropicTranslator(TimeProvider.System)
            .Request(
                Wire.Node(
                    """
                    {"messages":[{"role":"user","content":"Hi"},
                      {"role":"assistant","content":"\n\n","reasoning_content":"hm",
                       "thinking_blocks":[{"type":"thinking","thinking":"hm","signature":"SIG=="},
                         {"type":"thinking","thinking":"own","signature":""},
                         {"type":"thinking","thinking":"GPT's","signature":"gAAAAABqdw"},
                         {"type":"redacted_thinking","data":"x"}],
                       "tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]}],
                     "tools":[{"type":"function","function":{"name":"f","parameters":{}}}]}
                    """
                )
            )
            .Body;
        Wire.AssertEqual(
            """
            [{"type":"thinking","thinking":"hm","signature":"SIG=="},{"type":"redacted_thinking","data":"x"},
             {"type":"tool_use","id":"a","name":"f","input":{}}]
            """,
            body["messages"]![1]!["content"]
        );
        Wire.AssertEqual("""[{"name":"f","input_schema":{"type":"object"}}]""", body["tools"]);
    }
}
