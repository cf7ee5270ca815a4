using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests.Limits;

/// <summary>A key with a budget cannot have the provider do what the reserved maximum does not cover.</summary>
public class BudgetedRequestTests
{
    private const string Budget = """{"budget":{"amount":1,"period":"day"}}""";

    [Theory]
    [InlineData("background", "true")]
    [InlineData("store", "true")]
    [InlineData("previous_response_id", "\"resp_1\"")]
    [InlineData("conversation", "\"conv_1\"")]
    [InlineData("prompt", """{"id":"pmpt_1"}""")]
    [InlineData("context_management", """[{"type":"compaction"}]""")]
    [InlineData("something_new", "1")]
    [InlineData("tools", """[{"type":"web_search"}]""", "tools[0].type")]
    [InlineData("tools", """[{"type":"file_search","vector_store_ids":["vs_1"]}]""", "tools[0].type")]
    [InlineData("tools", """[{"type":"code_interpreter","container":{"type":"auto"}}]""", "tools[0].type")]
    [InlineData("tools", """[{"type":"function","name":"f"},{"type":"image_generation"}]""", "tools[1].type")]
    [InlineData("tools", """[{"type":"mcp","server_url":"https://example.org"}]""", "tools[0].type")]
    [InlineData("tools", """[{"type":"mcp","type":"function","name":"f"}]""", "tools[0].type")]
    [InlineData("input", """[{"type":"item_reference","id":"msg_1"}]""", "input[0].type")]
    [InlineData("input", """[{"id":"msg_1"}]""", "input[0].type")]
    [InlineData(
        "input",
        """[{"type":"additional_tools","tools":[{"type":"function","name":"f"},{"type":"web_search"}]}]""",
        "input[0].tools[1].type"
    )]
    [InlineData("input", """[{"type":"additional_tools","tools":[],"new":1}]""", "input[0].new")]
    [InlineData("input", """[{"type":"reasoning","id":"rs_1","summary":[]}]""", "input[0].id")]
    [InlineData("input", """[{"type":"image_generation_call","id":"ig_1"}]""", "input[0].type")]
    [InlineData(
        "input",
        """[{"role":"user","content":[{"type":"input_file","file_url":"https://example.org/a.pdf"}]}]""",
        "input[0].content[0].type"
    )]
    [InlineData(
        "input",
        """[{"type":"function_call_output","call_id":"c","output":[{"type":"input_file","file_id":"file-1"}]}]""",
        "input[0].output[0].type"
    )]
    [InlineData(
        "input",
        """[{"role":"user","content":[{"type":"input_image","image_url":"data:application/pdf;base64,AA"}]}]""",
        "input[0].content[0].image_url"
    )]
    [InlineData(
        "input",
        """[{"role":"user","content":[{"type":"input_text","text":"x","file_url":"http://x/"}]}]""",
        "input[0].content[0].file_url"
    )]
    [InlineData("input", """[{"role":"user","content":"a","images":["http://x/"]}]""", "input[0].images")]
    public Task Responses_CostIsUnbounded_Returns400(string field, string value, string? path = null) =>
        AssertRefusedAsync(
            "/v1/responses",
            $$"""{"model":"any-openai-fake","max_output_tokens":4,{{Input(field)}}"{{field}}":{{value}}}""",
            path ?? field
        );

    [Theory]
    [InlineData("store", "true")]
    [InlineData("web_search_options", "{}")]
    [InlineData("agent_id", "\"ag_1\"")]
    [InlineData("conversation_id", "\"conv_1\"")]
    [InlineData("kv_transfer_params", """{"remote_host":"10.0.0.1"}""")]
    [InlineData("tools", """[{"type":"document_library","library_ids":["l"]}]""", "tools[0].type")]
    [InlineData("prediction", """{"type":"content","content":"Hello"}""")]
    [InlineData("audio", """{"voice":"alloy","format":"mp3"}""")]
    [InlineData("modalities", """["text","audio"]""")]
    [InlineData("best_of", "20")]
    [InlineData("plugins", """[{"id":"web"}]""")]
    [InlineData("models", """["expensive"]""")]
    [InlineData("provider", """{"order":["expensive"]}""")]
    [InlineData("chat_template", "\"{% for i in range(1000000) %}\"")]
    [InlineData("Max_Tokens", "100000")]
    [InlineData("max_tokens", "4")] // the second one
    [InlineData("tools", """[{"type":"openrouter:web_search"}]""", "tools[0].type")]
    [InlineData("tools", """{"type":"openrouter:web_search"}""")]
    [InlineData(
        "messages",
        """[{"role":"user","content":[{"type":"file","file":{"file_id":"file-1"}}]}]""",
        "messages[0].content[0].type"
    )]
    [InlineData(
        "messages",
        """[{"role":"user","content":[{"type":"video_url","video_url":{"url":"https://example.org"}}]}]""",
        "messages[0].content[0].type"
    )]
    [InlineData(
        "messages",
        """[{"role":"assistant","content":"a","audio":{"id":"audio_1"}}]""",
        "messages[0].audio"
    )]
    [InlineData("messages", """[{"role":"user","content":"a","images":["http://x/"]}]""", "messages[0].images")]
    [InlineData(
        "messages",
        """[{"role":"user","content":"a","video_url":{"url":"http://x/"}}]""",
        "messages[0].video_url"
    )]
    [InlineData(
        "messages",
        """[{"role":"user","content":[{"type":"text","text":"x","image_url":{"url":"http://x/"}}]}]""",
        "messages[0].content[0].image_url"
    )]
    [InlineData(
        "messages",
        """[{"role":"user","content":[{"type":"text","text":"x","video_url":{}}]}]""",
        "messages[0].content[0].video_url"
    )]
    [InlineData(
        "messages",
        """[{"role":"user","content":[{"type":"text","text":"x","file":{"a":1}}]}]""",
        "messages[0].content[0].file"
    )]
    [InlineData(
        "messages",
        """[{"role":"user","content":[{"type":"text","text":"x","input_audio":{}}]}]""",
        "messages[0].content[0].input_audio"
    )]
    [InlineData(
        "messages",
        """[{"role":"user","content":[{"type":"text","text":"x","image_url":"x","image_url":null}]}]""",
        "messages[0].content[0].image_url"
    )]
    [InlineData(
        "messages",
        """[{"role":"user","content":[{"text":"x","source":{"type":"url"}}]}]""",
        "messages[0].content[0].source"
    )]
    [InlineData(
        "messages",
        """[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:application/pdf;base64,AA"}}]}]""",
        "image_url.url"
    )]
    [InlineData(
        "messages",
        """[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:video/mp4;base64,AA"}}]}]""",
        "image_url.url"
    )]
    [InlineData(
        "messages",
        """[{"role":"user","content":[{"type":"image_url","image_url":" DATA:application/pdf;base64,AA"}]}]""",
        "content[0].image_url"
    )]
    [InlineData(
        "messages",
        """[{"role":"user","content":[{"type":"image_url","image_url":{"url":"x","format":"application/pdf"}}]}]""",
        "image_url.format"
    )]
    public Task Chat_CostIsUnbounded_Returns400(string field, string value, string? path = null) =>
        AssertRefusedAsync(
            "/v1/chat/completions",
            $$"""{"model":"any-fake","max_tokens":4,{{Messages(field)}}"{{field}}":{{value}}}""",
            path ?? field
        );

    [Theory]
    [InlineData("container", "\"container_1\"")]
    [InlineData("mcp_servers", """[{"type":"url","url":"https://example.org"}]""")]
    [InlineData("context_management", """{"edits":[{"type":"clear_thinking_20251015"},{"type":"compact_20260112"}]}""")]
    [InlineData("context_management", """{"edits":[{"type":"clear_x","type":"compact_20260112"}]}""")]
    [InlineData("context_management", """{"compact":true}""")]
    [InlineData("inference_geo", "\"mars\"")]
    [InlineData("tools", """[{"type":"web_search_20250305","name":"web_search"}]""", "tools[0].type")]
    [InlineData("tools", """[{"type":"code_execution_20260120","name":"run"}]""", "tools[0].type")]
    [InlineData(
        "messages",
        """[{"role":"user","content":[{"type":"document","source":{"type":"file","file_id":"file_1"}}]}]""",
        "messages[0].content[0].source.type"
    )]
    [InlineData(
        "messages",
        """[{"role":"user","content":[{"type":"container_upload","file_id":"file_1"}]}]""",
        "messages[0].content[0].type"
    )]
    [InlineData(
        "messages",
        """
        [{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[
          {"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"AA=="}}]}]}]
        """,
        "messages[0].content[0].content[0].source.type"
    )]
    [InlineData(
        "messages",
        """[{"role":"user","content":[{"type":"image","source":{"media_type":"application/pdf","data":"AA=="}}]}]""",
        "source.media_type"
    )]
    [InlineData(
        "messages",
        """[{"role":"user","content":[{"type":"image","source":{"type":"base64","data":"AA=="}}]}]""",
        "source.media_type"
    )]
    [InlineData(
        "messages",
        """[{"role":"user","content":[{"type":"image","source":{"type":"url","url":"data:video/mp4;base64,AA"}}]}]""",
        "source.url"
    )]
    [InlineData(
        "messages",
        """[{"role":"user","content":[{"type":"tool_result","content":[{"type":"text","text":"r","file":1}]}]}]""",
        "content[0].content[0].file"
    )]
    [InlineData("messages", """[{"role":"user","content":"a","video":"http://x/"}]""", "messages[0].video")]
    public Task Messages_CostIsUnbounded_Returns400(string field, string value, string? path = null) =>
        AssertRefusedAsync(
            "/v1/messages",
            $$"""{"model":"any-anthropic-fake","max_tokens":4,{{Messages(field)}}"{{field}}":{{value}}}""",
            path ?? field
        );

    [Theory]
    [InlineData("fake/mock-full-x")]
    [InlineData("fake/mock")]
    [InlineData("openai-fake/mock-full-x")]
    public async Task Model_NamedLikeMock_IsNotFree(string model)
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await LimitedGateway.WithAsync(provider);
        using var priced = await gateway.Client.PutAsync(
            "/api/v1/llm/prices/2020-01-01/*?provider=fake",
            """{"input":1,"output":1}"""
        );
        var (_, client) = await gateway.NewKeyAsync("""{"budget":{"amount":0,"period":"total"}}""");

        using var refused = await client.ChatAsync(
            LimitedGateway.Hello.Replace("\"mock\"", $"\"{model}\"", StringComparison.Ordinal)
        );

        Assert.InRange((int)refused.StatusCode, 400, 403);
        Assert.Empty(provider.Calls);
    }

    [Fact]
    public async Task Default_OfRouteIsUnbounded_Returns400()
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await LimitedGateway.WithAsync(provider);
        using var put = await gateway.Client.PutAsync(
            "/api/v1/llm/routes/searching",
            """{"targets":[{"provider":"fake","model":"fake"}],"defaults":{"web_search_options":{}}}"""
        );
        var (_, client) = await gateway.NewKeyAsync(Budget);

        using var refused = await client.ChatAsync(
            LimitedGateway.Hello.Replace("\"mock\"", "\"searching\"", StringComparison.Ordinal)
        );

        Assert.Equal("web_search_options", (await OpenAiError.ReadAsync(refused, 400)).Param);
        Assert.Empty(provider.Calls);
    }

    [Fact]
    public Task Embeddings_ObjectInInput_Returns400() =>
        AssertRefusedAsync(
            "/v1/embeddings",
            """{"model":"any-fake","input":["a",{"image":"http://x/"}]}""",
            "input[1]"
        );

    /// <summary>The fields that SDKs and agents send in common use.</summary>
    [Theory]
    [InlineData(
        "/v1/chat/completions",
        """
        {"model":"fake/fake","max_tokens":4,"n":1,"temperature":1,"top_p":1,"stop":null,"seed":1,"store":false,
         "deferred":false,"stream_options":null,"reasoning_effort":"low","response_format":{"type":"json_object"},
         "modalities":["text"],"web_search_options":null,"metadata":{"a":"b"},"tool_choice":"auto",
         "parallel_tool_calls":true,"top_k":40,
         "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":
           {"type":{"type":"string"},"file_id":{"type":"string"}}}}}],
         "messages":[{"role":"system","content":"s"},{"role":"user","content":[{"type":"text","text":"Hello"},
           {"type":"image_url","image_url":{"url":"https://example.org/cat.png"}}]},
          {"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function",
           "function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c","content":"ok"}]}
        """
    )]
    [InlineData(
        "/v1/messages",
        """
        {"model":"fake/fake","max_tokens":4,"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}],
         "thinking":{"type":"disabled"},"metadata":{"user_id":"u"},"top_k":3,"stop_sequences":["x"],
         "context_management":{"edits":[{"type":"clear_thinking_20251015","keep":"all"}]},
         "tools":[{"name":"f","input_schema":{"type":"object"}},{"type":"custom","name":"g","input_schema":
           {"type":"object"}}],"tool_choice":{"type":"auto"},
         "messages":[{"role":"user","content":[{"type":"text","text":"Hello"}]}, {"role":"assistant","content":
           [{"type":"tool_use","id":"t","name":"f","input":{"type":"document","content":[{"type":"file"}]}}]},
          {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":"r"}]}]}]}
        """
    )]
    [InlineData(
        "/v1/responses",
        """
        {"model":"fake/fake","max_output_tokens":4,"instructions":"s","store":false,"background":false,
         "include":["message.output_text.logprobs"],"text":{"format":{"type":"text"}},"truncation":"disabled",
         "tools":[{"type":"function","name":"f","parameters":{"type":"object"}}],"previous_response_id":null,
         "client_metadata":{"a":"b"},
         "input":[{"type":"additional_tools","id":"at_1","role":"developer","tools":[{"type":"custom","name":"g"}]},
           {"role":"user","content":"Hello"},{"type":"message","role":"assistant","id":"msg_1","content":
           [{"type":"output_text","text":"Hi"}]},{"type":"function_call","id":"fc_1","call_id":"c","name":"f",
           "arguments":"{}"},{"type":"function_call_output","call_id":"c","output":"ok"}]}
        """
    )]
    [InlineData(
        "/v1/chat/completions",
        """
        {"model":"fake/fake","max_tokens":4,"messages":[
          {"role":"user","name":"u","content":[{"type":"text","text":"x","cache_control":{"type":"ephemeral"}},
            {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA","detail":"high"}}]},
          {"role":"assistant","content":"a","refusal":null,"annotations":[],"audio":null,"function_call":null,
           "tool_calls":null,"reasoning_content":"r","reasoning":"r","reasoning_details":[{"type":"reasoning.text"}],
           "images":null,"provider_specific_fields":null},
          {"role":"user","content":"Hi"}]}
        """
    )]
    [InlineData(
        "/v1/messages",
        """
        {"model":"fake/fake","max_tokens":4,"messages":[{"role":"user","content":[
           {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}},
           {"type":"text","text":"a","citations":null}]},
          {"role":"assistant","content":[
           {"type":"tool_use","id":"t","name":"f","input":{},"caller":{"type":"direct"}}]},
          {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","is_error":false,"content":"r"}]}]}
        """
    )]
    [InlineData(
        "/v1/responses",
        """
        {"model":"fake/fake","max_output_tokens":4,"input":[
          {"type":"message","role":"user","content":[{"type":"input_text","text":"Hi"},
            {"type":"input_image","detail":"auto","image_url":"data:image/png;base64,AAAA"}]},
          {"type":"message","role":"assistant","id":"m","status":"completed","phase":"commentary","content":
            [{"type":"output_text","text":"Hi","annotations":[],"logprobs":[]}]},
          {"type":"function_call","status":"completed","call_id":"c","name":"f","arguments":"{}","namespace":null},
          {"type":"function_call_output","call_id":"c","output":"ok","status":"completed"}]}
        """
    )]
    public async Task Request_InCommonUse_IsAccepted(string path, string body)
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await LimitedGateway.WithAsync(provider);
        var (_, client) = await gateway.NewKeyAsync(Budget);

        using var response = await client.ChatAsync(body, path);

        await response.ReadAsync(200);
    }

    private static async Task AssertRefusedAsync(string path, string body, string field)
    {
        await using var provider = await FakeProvider.StartAsync();
        (string, string)[] routes =
        [
            .. new[] { "fake", "openai-fake", "anthropic-fake" }.SelectMany(name =>
                new[]
                {
                    ($"Routes:any-{name}:Targets:0:Provider", name),
                    ($"Routes:any-{name}:Targets:0:Model", "fake"),
                    ($"Routes:any-{name}:StatefulReferences", "any"),
                }
            ),
        ];
        await using var gateway = await LimitedGateway.WithAsync(provider, null, routes);
        var (id, client) = await gateway.NewKeyAsync(Budget);

        using var refused = await client.ChatAsync(body, path);

        var error = (await refused.ReadAsync(400)).GetProperty("error");
        Assert.Contains(field, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("budget", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty(provider.Calls);
        var budget = await gateway.BudgetAsync(id);
        Assert.Equal((0, 0), (budget.GetProperty("spent").GetDecimal(), budget.GetProperty("held").GetDecimal()));
    }

    private static string Messages(string field) =>
        field == "messages" ? "" : "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}],";

    private static string Input(string field) => field == "input" ? "" : "\"input\":\"Hello\",";
}
