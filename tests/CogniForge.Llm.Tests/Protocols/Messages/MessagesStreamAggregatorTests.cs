using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Anthropic;

namespace CogniForge.Llm.Tests.Protocols.Messages;

public class MessagesStreamAggregatorTests
{
    private const string Start = """data: {"type":"message_start","message":{"id":"msg_1","content":[]}}""";

    private readonly MessagesAdapter _adapter = new();

    [Fact]
    public void Aggregate_Stream_ReturnsMessage() =>
        Wire.AssertEqual(Samples.ToolMessage, _adapter.Aggregate(Streams.Parse(Samples.ToolStream)));

    [Fact]
    public void Replay_Message_ReturnsStream() =>
        Streams.AssertEqual(
            """
            event: message_start
            data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m",
              "content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":2}}}
            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}
            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}
            event: content_block_stop
            data: {"type":"content_block_stop","index":0}
            event: content_block_start
            data: {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"toolu_1",
              "name":"now","input":{}}}
            event: content_block_delta
            data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{}"}}
            event: content_block_stop
            data: {"type":"content_block_stop","index":1}
            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},
              "usage":{"input_tokens":1,"output_tokens":2}}
            event: message_stop
            data: {"type":"message_stop"}
            """,
            _adapter.Replay(
                Wire.Node(
                    """
                    {"id":"msg_1","type":"message","role":"assistant","model":"m",
                      "content":[{"type":"text","text":"Hi"},{"type":"tool_use","id":"toolu_1","name":"now",
                      "input":{}}],
                     "stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":2}}
                    """
                )
            )
        );

    [Theory]
    [InlineData("[]")]
    [InlineData("""[{"type":"text","text":""}]""")]
    [InlineData("""[{"type":"redacted_thinking","data":"eA=="},{"type":"thinking","thinking":"","signature":"s"}]""")]
    [InlineData(
        """
        [{"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{"query":"x"}},
          {"type":"web_search_tool_result","tool_use_id":"srvtoolu_1",
          "content":[{"type":"web_search_result","url":"https://x"}]}]
        """
    )]
    [InlineData(
        """
        [{"type":"tool_use","id":"a","name":"f","input":{"deep":{"list":[1,2.50,null,"é\n\"😀"]}}},
          {"type":"tool_use","id":"b","name":"g","input":{}}]
        """
    )]
    [InlineData("""[{"type":"something_new","value":{"x":1}}]""")]
    public void Aggregate_ReplayedMessage_ReturnsSameMessage(string content)
    {
        var response = Wire.Node(
            $$$"""
            {"id":"msg_1","type":"message","role":"assistant","model":"m","content":{{{content}}},
              "stop_reason":"refusal","stop_sequence":null,"stop_details":{"type":"refusal","explanation":"no"},
             "container":{"id":"c"},"usage":{"input_tokens":1,"output_tokens":2,"server_tool_use":null}}
            """
        );
        Wire.AssertEqual(response.DeepClone(), _adapter.Aggregate(_adapter.Replay(response)));
    }

    [Fact]
    public void Aggregate_UnknownTypes_AreIgnored()
    {
        var response = _adapter.Aggregate(
            Streams.Parse(
                $$$$"""
                {{{{Start}}}}
                data: {"type":"something_new"}
                data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":"A"}}
                data: {"type":"content_block_delta","index":0,"delta":{"type":"compaction_delta","x":1}}
                data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"B"}}
                data: {"type":"message_stop"}
                """
            )
        );
        Wire.AssertEqual("""[{"type":"text","text":"AB"}]""", response["content"]);
    }

    [Fact]
    public void Aggregate_TruncatedTool_HasEmptyInput() =>
        Wire.AssertEqual("{}", TruncatedTool("max_tokens")["content"]![0]!["input"]);

    [Fact]
    public void Aggregate_InvalidToolInput_ThrowsJsonException() =>
        Assert.ThrowsAny<JsonException>(() => TruncatedTool("tool_use"));

    private JsonObject TruncatedTool(string stopReason) =>
        _adapter.Aggregate(
            Streams.Parse(
                $$$$"""
                {{{{Start}}}}
                data: {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"a","name":"f",
                  "input":{}}}
                data: {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta",
                  "partial_json":"{\"a\":"}}
                data: {"type":"message_delta","delta":{"stop_reason":"{{{{stopReason}}}}"},"usage":{"output_tokens":1}}
                """
            )
        );
}
