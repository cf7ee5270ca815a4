using System.Text.Json;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.OpenAI.Chat;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Protocols.Translation.OpenAIToAnthropic;

namespace CogniForge.Llm.Tests.Protocols.Messages;

public class OpenAIToAnthropicStreamTests
{
    private const string Start =
        """
        data: {"type":"message_start","message":{"id":"msg_1","model":"m","usage":{"input_tokens":3,"output_tokens":1}}}
        """;

    private readonly OpenAIToAnthropicTranslator _translation = new(new FakeTimeProvider(TestTime.Start));

    [Fact]
    public void Stream_ReasoningTextTools_BecomesChat()
    {
        var chunks = Stream(true).Run(Streams.Parse(Samples.ToolStream));
        Streams.AssertEqual(
            Choices(
                """{"role":"assistant","content":""}""",
                """{"reasoning_content":"Let me "}""",
                """{"reasoning_content":"see."}""",
                """{"content":"Looking"}""",
                """{"tool_calls":[{"index":0,"id":"toolu_1","type":"function","function":"""
                    + """{"name":"weather","arguments":""}}]}""",
                """{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\":"}}]}""",
                """{"tool_calls":[{"index":0,"function":{"arguments":"\"Zürich\"}"}}]}""",
                """{"thinking_blocks":[{"type":"thinking","thinking":"Let me see.","signature":"c2ln"}]}"""
            )
                + """

                data: {"id":"msg_1","object":"chat.completion.chunk","created":1772366400,"model":"claude-haiku-4.5",
                  "choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"tool_calls"}],"usage":null}
                data: {"id":"msg_1","object":"chat.completion.chunk","created":1772366400,"model":"claude-haiku-4.5",
                  "choices":[],"usage":{"prompt_tokens":82,"completion_tokens":90,"total_tokens":172,
                  "prompt_tokens_details":{"cached_tokens":30,"cache_write_tokens":40},
                  "completion_tokens_details":{"reasoning_tokens":20}}}
                """,
            chunks
        );
    }

    /// <summary>OpenAI's SDK for JavaScript keeps only the last value of an unknown member.</summary>
    [Fact]
    public void Stream_SeveralThinkingBlocks_AreOneDelta()
    {
        var chunks = Run(
            """
            data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"",
              "signature":""}}
            data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}
            data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"c2ln"}}
            data: {"type":"content_block_stop","index":0}
            data: {"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"x"}}
            data: {"type":"content_block_stop","index":1}
            data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"a","name":"f",
              "input":{}}}
            data: {"type":"content_block_stop","index":2}
            data: {"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":9}}
            """
        );
        Wire.AssertEqual(
            """
            {"thinking_blocks":[{"type":"thinking","thinking":"hm","signature":"c2ln"},
              {"type":"redacted_thinking","data":"x"}]}
            """,
            chunks[^2].Data()["choices"]![0]!["delta"]
        );
        Assert.Single(chunks, c => c.ToString().Contains("thinking_blocks", StringComparison.Ordinal));
        Assert.Equal("tool_calls", (string?)chunks[^1].Data()["choices"]![0]!["finish_reason"]);
    }

    /// <summary>What the gateway caches has the same blocks, and replays them as one delta too.</summary>
    [Fact]
    public void Stream_ThinkingBlocks_AreAggregatedAndReplayed()
    {
        var chat = new ChatAdapter();
        var whole = chat.Aggregate(Stream(false).Run(Streams.Parse(Samples.ToolStream)));
        const string Expected = """[{"type":"thinking","thinking":"Let me see.","signature":"c2ln"}]""";
        Wire.AssertEqual(Expected, whole["choices"]![0]!["message"]!["thinking_blocks"]);
        Wire.AssertEqual(
            Expected,
            Assert
                .Single(
                    chat.Replay(whole).Select(c => c.Data()["choices"]![0]!["delta"]!["thinking_blocks"]),
                    b => b is not null
                )
        );
    }

    [Fact]
    public void Stream_WithoutIncludeUsage_OmitsUsage()
    {
        var chunks = Stream(false).Run(Streams.Parse(Samples.ToolStream));
        Assert.DoesNotContain(chunks, c => c.Data().ContainsKey("usage"));
        Assert.Equal("tool_calls", (string?)chunks[^1].Data()["choices"]![0]!["finish_reason"]);
    }

    [Fact]
    public void Stream_TwoToolsAfterText_IndexFromZero()
    {
        var chunks = Run(
            """
            data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"x"}}
            data: {"type":"content_block_stop","index":0}
            data: {"type":"content_block_start","index":1,"content_block":{"type":"server_tool_use","id":"s",
              "name":"web_search","input":{}}}
            data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta",
              "partial_json":"{\"query\":1}"}}
            data: {"type":"content_block_stop","index":1}
            data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"a","name":"f",
              "input":{}}}
            data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":""}}
            data: {"type":"content_block_stop","index":2}
            data: {"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"b","name":"g",
              "input":{}}}
            data: {"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta",
              "partial_json":"{\"y\":2}"}}
            data: {"type":"content_block_stop","index":3}
            data: {"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":9}}
            """
        );
        var calls = chunks
            .Select(c => c.Data()["choices"]![0]!["delta"]!["tool_calls"]?[0])
            .Where(c => c is not null)
            .Select(c => c!.ToJsonString());
        Assert.Equal(
            [
                """{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}""",
                """{"index":0,"function":{"arguments":"{}"}}""", // clients parse the arguments, so never empty
                """{"index":1,"id":"b","type":"function","function":{"name":"g","arguments":""}}""",
                """{"index":1,"function":{"arguments":"{\u0022y\u0022:2}"}}""",
            ],
            calls
        );
    }

    [Fact]
    public void Stream_TruncatedToolAfterBlocks_EndsWithLength()
    {
        var chunks = Run(
            """
            data: {"type":"content_block_start","index":0,"content_block":{"type":"web_search_tool_result",
              "tool_use_id":"s","content":{"type":"web_search_tool_result_error","error_code":"max_uses_exceeded"}}}
            data: {"type":"content_block_stop","index":0}
            data: {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"a","name":"f",
              "input":{}}}
            data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"a"}}
            data: {"type":"content_block_stop","index":1}
            data: {"type":"message_delta","delta":{"stop_reason":"max_tokens"},"usage":{"output_tokens":9}}
            """
        );
        Assert.Equal(4, chunks.Count);
        Assert.Equal("length", (string?)chunks[^1].Data()["choices"]![0]!["finish_reason"]);
    }

    [Fact]
    public void Stream_Refusal_BecomesContentFilter()
    {
        var last = Run(
            """
            data: {"type":"message_delta","delta":{"stop_reason":"refusal",
              "stop_details":{"type":"refusal","explanation":"Not this."}},"usage":{"output_tokens":9}}
            """
        )[^1]
            .Data();
        Wire.AssertEqual(
            """[{"index":0,"delta":{"refusal":"Not this."},"logprobs":null,"finish_reason":"content_filter"}]""",
            last["choices"]
        );
    }

    [Fact]
    public void Stream_OnlyMessageStop_HasFinishReason() =>
        Assert.Equal(
            "stop",
            (string?)Run("""data: {"type":"message_stop"}""")[^1].Data()["choices"]![0]!["finish_reason"]
        );

    [Fact]
    public void Stream_UnknownEvents_AreIgnored()
    {
        var chunks = Run(
            """
            data: {"type":"something_new"}
            event: ping
            data: {}
            data: {"type":"content_block_start","index":0,"content_block":{"type":"something_new","text":{}}}
            data: {"type":"content_block_delta","index":0,"delta":{"type":"something_new","x":1}}
            data: {"type":"content_block_stop","index":0}
            data: {"type":"message_delta","delta":{"stop_reason":"end_turn"}}
            """
        );
        Assert.Equal(2, chunks.Count);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    // Before message_start.
    [InlineData("""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"x"}}""")]
    [InlineData("""{"type":5}""")]
    public void Translate_InvalidEvent_ThrowsJsonException(string data) =>
        Assert.ThrowsAny<JsonException>(() => Stream(false).Translate(Wire.Event(data)).ToList());

    private IStreamTranslator Stream(bool includeUsage) =>
        _translation.Stream(
            Wire.Node($$$"""{"stream_options":{"include_usage":{{{(includeUsage ? "true" : "false")}}}}}""")
        );

    private List<SseEvent> Run(string events) => Stream(false).Run(Streams.Parse($"{Start}\n{events}"));

    private static string Choices(params string[] deltas) =>
        string.Join(
            '\n',
            deltas.Select(d =>
                $$$"""
                data: {"id":"msg_1","object":"chat.completion.chunk","created":1772366400,"model":"claude-haiku-4.5",
                  "choices":[{"index":0,"delta":{{{d}}},"logprobs":null,"finish_reason":null}],"usage":null}
                """
            )
        );
}
