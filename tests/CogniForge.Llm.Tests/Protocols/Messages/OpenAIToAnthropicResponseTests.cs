using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Translation.OpenAIToAnthropic;

namespace CogniForge.Llm.Tests.Protocols.Messages;

public class OpenAIToAnthropicResponseTests
{
    private readonly OpenAIToAnthropicTranslator _translation = new(new FakeTimeProvider(TestTime.Start));

    [Fact]
    public void Response_WithTools_BecomesCompletion() =>
        Wire.AssertEqual(
            """
            {"id":"msg_1","object":"chat.completion","created":1772366400,"model":"claude-haiku-4.5",
             "choices":[{"index":0,"message":{"role":"assistant","content":"Looking","refusal":null,
               "reasoning_content":"Let me see.",
               "thinking_blocks":[{"type":"thinking","thinking":"Let me see.","signature":"c2ln"}],
               "tool_calls":[{"id":"toolu_1","type":"function",
                 "function":{"name":"weather","arguments":"{\"city\":\"Zürich\"}"}}]},"logprobs":null,
                 "finish_reason":"tool_calls"}],
             "usage":{"prompt_tokens":82,"completion_tokens":90,"total_tokens":172,
               "prompt_tokens_details":{"cached_tokens":30,"cache_write_tokens":40},
               "completion_tokens_details":{"reasoning_tokens":20}}}
            """,
            Response(Samples.ToolMessage)
        );

    [Theory]
    [InlineData("end_turn", "stop")]
    [InlineData("stop_sequence", "stop")]
    [InlineData("pause_turn", "stop")]
    [InlineData("max_tokens", "length")]
    [InlineData("model_context_window_exceeded", "length")]
    [InlineData("tool_use", "tool_calls")]
    [InlineData("refusal", "content_filter")]
    [InlineData("something_new", "stop")]
    public void Response_StopReason_IsTranslated(string stopReason, string expected) =>
        Assert.Equal(
            expected,
            (string?)Response($$"""{"content":[],"stop_reason":"{{stopReason}}"}""")["choices"]![0]!["finish_reason"]
        );

    [Fact]
    public void Response_OnlyTools_HasNullContent()
    {
        var message = Message("""[{"type":"tool_use","id":"a","name":"f","input":{}}]""");
        Assert.True(message.ContainsKey("content"));
        Assert.Null(message["content"]);
        Assert.Equal("{}", (string?)message["tool_calls"]![0]!["function"]!["arguments"]);
    }

    [Fact]
    public void Response_SeveralTextBlocks_BecomeOneText() =>
        Assert.Equal(
            "One two.",
            (string?)
                Message(
                    """
                    [{"type":"text","text":"One"},{"type":"server_tool_use","id":"s","name":"web_search","input":{}},
                      {"type":"text","text":" two."}]
                    """
                )["content"]
        );

    [Fact]
    public void Response_Refusal_HasExplanation()
    {
        var choice = Response(
            """
            {"content":[],"stop_reason":"refusal","stop_details":{"type":"refusal","category":"cyber",
              "explanation":"Not this."}}
            """
        )["choices"]![0]!;
        Assert.Equal(
            ("content_filter", "Not this.", ""),
            (
                (string?)choice["finish_reason"],
                (string?)choice["message"]!["refusal"],
                (string?)choice["message"]!["content"]
            )
        );
    }

    [Fact]
    public void Response_UnknownMembers_PassThrough() =>
        Wire.AssertEqual("""{"id":"c"}""", Response("""{"content":[],"container":{"id":"c"}}""")["container"]);

    [Theory]
    [InlineData("""{"content":5}""")]
    [InlineData("""{"content":[{"type":"tool_use"}]}""")]
    [InlineData("""{"content":[{"type":"text","text":5}]}""")]
    public void Response_InvalidMessage_ThrowsJsonException(string body) =>
        Assert.ThrowsAny<JsonException>(() => Response(body));

    private JsonObject Response(string body) => _translation.Response([], Wire.Node(body));

    private JsonObject Message(string content) =>
        Response($$"""{"content":{{content}}}""")["choices"]![0]!["message"]!.AsObject();
}
