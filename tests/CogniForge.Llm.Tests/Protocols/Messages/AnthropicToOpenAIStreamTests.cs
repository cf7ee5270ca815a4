using System.Text.Json;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;

namespace CogniForge.Llm.Tests.Protocols.Messages;

public class AnthropicToOpenAIStreamTests
{
    [Fact]
    public void Stream_ReasoningTextTools_BecomesMessages()
    {
        var events = Run(
            """
            data: {"id":"c1","model":"m","created":1,"choices":[{"index":0,"delta":{"role":"assistant","content":""},
              "finish_reason":null}],"usage":null}
            data: {"id":"c1","model":"m","choices":[{"index":0,"delta":{"reasoning_content":"hm"}}]}
            data: {"id":"c1","model":"m","choices":[{"index":0,"delta":{"content":"Look"}}]}
            data: {"id":"c1","model":"m","choices":[{"index":0,
              "delta":{"content":"ing","tool_calls":[{"index":0,"id":"a","type":"function",
              "function":{"name":"f","arguments":""}}]}}]}
            data: {"id":"c1","model":"m","choices":[{"index":0,
              "delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"x\":1}"}},
              {"index":1,"id":"b","type":"function","function":{"name":"g","arguments":"{"}}]}}]}
            data: {"id":"c1","model":"m","choices":[{"index":0,
              "delta":{"tool_calls":[{"index":1,"function":{"arguments":"}"}}]}}]}
            data: {"id":"c1","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}
            data: {"id":"c1","model":"m","choices":[],"usage":{"prompt_tokens":50,"completion_tokens":9,
              "total_tokens":59,"prompt_tokens_details":{"cached_tokens":20}}}
            """
        );
        Streams.AssertEqual(
            """
            event: message_start
            data: {"type":"message_start","message":{"id":"c1","type":"message","role":"assistant","model":"m",
              "content":[],"stop_reason":null,"stop_sequence":null,
              "usage":{"input_tokens":0,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,
              "cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0},"output_tokens":0,
              "output_tokens_details":{"thinking_tokens":0}}}}
            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"",
              "signature":""}}
            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}
            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta",
              "signature":"reasoning_text:"}}
            event: content_block_stop
            data: {"type":"content_block_stop","index":0}
            event: content_block_start
            data: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}
            event: content_block_delta
            data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Look"}}
            event: content_block_delta
            data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"ing"}}
            event: content_block_stop
            data: {"type":"content_block_stop","index":1}
            event: content_block_start
            data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"a","name":"f",
              "input":{},"caller":{"type":"direct"}}}
            event: content_block_delta
            data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta",
              "partial_json":"{\"x\":1}"}}
            event: content_block_stop
            data: {"type":"content_block_stop","index":2}
            event: content_block_start
            data: {"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"b","name":"g",
              "input":{},"caller":{"type":"direct"}}}
            event: content_block_delta
            data: {"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"{}"}}
            event: content_block_stop
            data: {"type":"content_block_stop","index":3}
            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},
              "usage":{"input_tokens":30,"cache_creation_input_tokens":0,"cache_read_input_tokens":20,
              "cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0},"output_tokens":9,
              "output_tokens_details":{"thinking_tokens":0}}}
            event: message_stop
            data: {"type":"message_stop"}
            """,
            events
        );
    }

    [Theory]
    [InlineData("""{"choices":null,"usage":{"prompt_tokens":50,"completion_tokens":9}}""")]
    [InlineData("""{"usage":{"prompt_tokens":50,"completion_tokens":9}}""")]
    [InlineData("""{"choices":[{"index":0,"delta":{}}],"usage":{"prompt_tokens":50,"completion_tokens":9}}""")]
    public void Stream_UsageInAnyChunk_IsRead(string chunk)
    {
        var events = Run(
            $$"""
            data: {"id":"c1","model":"m","choices":[{"index":0,"delta":{"content":"x"},"finish_reason":"stop"}]}
            data: {{chunk}}
            """
        );
        var usage = events[^2].Data()["usage"]!;
        Assert.Equal((50, 9), ((int)usage["input_tokens"]!, (int)usage["output_tokens"]!));
    }

    [Theory]
    [InlineData("model_length", "max_tokens")]
    [InlineData("content_filter: SAFETY", "refusal")]
    public void Stream_FinishReasonOfOthers_IsTranslated(string finishReason, string expected)
    {
        var events = Run(
            $$$"""
            data: {"id":"c1","model":"m","choices":[{"index":0,"delta":{"content":"x"}}]}
            data: {"id":"c1","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"{{{finishReason}}}"}]}
            """
        );
        Assert.Equal(expected, (string?)events[^2].Data()["delta"]!["stop_reason"]);
    }

    [Fact]
    public void Stream_EmptyFirstChunk_WaitsForId()
    {
        var events = Run(
            """
            data: {"id":"","model":"","object":"","created":0,"choices":[],"prompt_filter_results":[]}
            data: {"id":"c1","model":"m","choices":[{"index":0,"delta":{"content":"x"}}]}
            """
        );
        var message = events[0].Data()["message"]!;
        Assert.Equal(("c1", "m"), ((string?)message["id"], (string?)message["model"]));
    }

    [Fact]
    public void Stream_OnlyTools_HasNoTextBlock()
    {
        var events = Run(
            """
            data: {"id":"c1","model":"m","choices":[{"index":0,
              "delta":{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"a",
              "function":{"name":"f","arguments":"{}"}}]}}]}
            data: {"id":"c1","model":"m","choices":[{"index":0,"delta":{"content":""},"finish_reason":"tool_calls"}]}
            """
        );
        Assert.Equal(["tool_use"], Blocks(events));
    }

    [Fact]
    public void Stream_CallsWithoutIndex_AreSeparatedById()
    {
        var events = Run(
            """
            data: {"id":"c1","model":"m","choices":[{"index":0,
              "delta":{"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}}]}}]}
            data: {"id":"c1","model":"m","choices":[{"index":0,
              "delta":{"tool_calls":[{"index":0,"id":"b","function":{"name":"f","arguments":"{}"}}]}}]}
            """
        );
        Assert.Equal(
            ["a", "b"],
            events.Where(e => e.Name == "content_block_start").Select(e => (string?)e.Data()["content_block"]!["id"])
        );
    }

    [Fact]
    public void Stream_Empty_BecomesEmptyMessage() =>
        Assert.Equal(
            ["message_start", "message_delta", "message_stop"],
            Run("""data: {"id":"c1","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""")
                .Select(e => e.Name)
        );

    [Theory]
    [InlineData("length", "max_tokens")]
    [InlineData("content_filter", "refusal")]
    [InlineData("stop", "end_turn")]
    public void Stream_FinishReason_IsTranslated(string finishReason, string expected) =>
        Assert.Equal(
            expected,
            (string?)
                Run(
                    $$$"""
                    data: {"id":"c1","model":"m","choices":[{"index":0,"delta":{"content":"x"},
                      "finish_reason":"{{{finishReason}}}"}]}
                    """
                )[^2]
                    .Data()["delta"]!["stop_reason"]
        );

    [Fact]
    public void Stream_Refusal_BecomesTextAndReason()
    {
        var events = Run(
            """data: {"id":"c1","model":"m","choices":[{"index":0,"delta":{"refusal":"No."},"finish_reason":"stop"}]}"""
        );
        Assert.Equal(["text"], Blocks(events));
        Assert.Equal("refusal", (string?)events[^2].Data()["delta"]!["stop_reason"]);
    }

    /// <summary>praxis-proxy/ai#266, Wei-Shaw/sub2api#4302: OpenAI promises no order of the fragments.</summary>
    [Fact]
    public void Stream_InterleavedCalls_KeepTheirArguments()
    {
        var events = Run(
            """
            data: {"id":"c1","choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f"}},
              {"index":1,"id":"b","function":{"name":"g"}}]}}]}
            data: {"choices":[{"delta":{"tool_calls":[{"index":1,"function":{"arguments":"{\"b\""}}]}}]}
            data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\""}}]}}]}
            data: {"choices":[{"delta":{"content":"\n"}}]}
            data: {"choices":[{"delta":{"tool_calls":[{"index":1,"function":{"arguments":":2}"}}]}}]}
            data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]}}]}
            data: {"choices":[{"delta":{"content":"Done"},"finish_reason":"tool_calls"}]}
            """
        );
        Assert.Equal(["tool_use", "tool_use", "text"], Blocks(events));
        var input = events
            .Select(e => e.Data())
            .Where(d => (string?)d["type"] == "content_block_delta")
            .GroupBy(d => (int)d["index"]!)
            .Select(g => string.Concat(g.Select(d => d["delta"]!["partial_json"] ?? d["delta"]!["text"])));
        Assert.Equal(["""{"a":1}""", """{"b":2}""", "Done"], input);
        Assert.Equal([0, 0, 1, 1, 2, 2], BlockLimits(events));
    }

    /// <summary>Some servers send the arguments as an object.</summary>
    [Fact]
    public void Stream_ArgumentsAsObject_BecomeJson()
    {
        var events = Run(
            """
            data: {"id":"c1","choices":[{"delta":{"tool_calls":[{"index":0,"id":"a",
              "function":{"name":"f","arguments":{"x":1}}}]},"finish_reason":"tool_calls"}]}
            """
        );
        Assert.Equal("""{"x":1}""", (string?)events[2].Data()["delta"]!["partial_json"]);
    }

    private static IEnumerable<int> BlockLimits(IEnumerable<SseEvent> events) =>
        events
            .Select(e => e.Data())
            .Where(d => (string?)d["type"] is "content_block_start" or "content_block_stop")
            .Select(d => (int)d["index"]!);

    [Theory]
    [InlineData("5")]
    [InlineData("""{"choices":5}""")]
    [InlineData("""{"choices":[{"delta":{"content":5}}]}""")]
    public void Translate_InvalidChunk_ThrowsJsonException(string data) =>
        Assert.ThrowsAny<JsonException>(() => new AnthropicToOpenAITranslator().Stream([]).Translate(Wire.Event(data)));

    private static IEnumerable<string?> Blocks(IEnumerable<SseEvent> events) =>
        events.Where(e => e.Name == "content_block_start").Select(e => (string?)e.Data()["content_block"]!["type"]);

    private static List<SseEvent> Run(string events) =>
        new AnthropicToOpenAITranslator().Stream([]).Run(Streams.Parse(events));
}
