using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Anthropic;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Routing;
using CogniForge.Llm.Tests.Protocols.Messages;

namespace CogniForge.Llm.Tests.Protocols.Responses;

/// <summary>
/// Claude thinks between texts and calls, and takes its thinking back only where it was
/// (platform.claude.com/docs/en/build-with-claude/extended-thinking, preserving thinking blocks).
/// </summary>
public class InterleavedThinkingTests
{
    private static readonly ITranslator _translation = ProtocolAdapters
        .Select(Protocol.Responses, [Protocol.Messages])!
        .Value.Translation!;

    private static readonly string[] _turns =
    [
        """
        [{"type":"thinking","thinking":"a","signature":"s1"},{"type":"text","text":"First"},
         {"type":"thinking","thinking":"b","signature":"s2"},
         {"type":"tool_use","id":"c1","name":"look","input":{"n":1}}]
        """,
        """
        [{"type":"thinking","thinking":"c","signature":"s3"},
         {"type":"tool_use","id":"c2","name":"look","input":{"n":2}},
         {"type":"redacted_thinking","data":"s4"},
         {"type":"tool_use","id":"c3","name":"look","input":{"n":3}}]
        """,
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RoundTrip_InterleavedToolTurns_KeepsOrder(bool stream)
    {
        var request = Wire.Node(
            """{"model":"m","tools":[{"type":"function","name":"look"}],"input":[{"role":"user","content":"Go"}]}"""
        );
        var input = request["input"]!.AsArray();
        foreach (var turn in _turns)
        {
            var items = Respond(request, turn, stream).Select(i => i.DeepClone()).ToList();
            var calls = items.Where(i => (string?)i["type"] == "function_call");
            var results = calls.Select(c =>
                Wire.Node($$"""{"type":"function_call_output","call_id":"{{c["call_id"]}}","output":"ok"}""")
            );
            foreach (var item in items.Concat(results.ToList()))
            {
                input.Add(item);
            }
        }

        var sent = _translation.Request(request, ProviderKind.Anthropic);

        Assert.Empty(sent.Dropped);
        var messages = sent.Body["messages"]!.AsArray();
        Assert.Equal(5, messages.Count);
        Wire.AssertEqual(_turns[0], messages[1]!["content"]);
        Wire.AssertEqual(_turns[1], messages[3]!["content"]);
    }

    // Codex keeps items in the order in which they end.
    private static IEnumerable<JsonNode> Respond(JsonObject request, string content, bool stream)
    {
        var message = Wire.Node(
            $$"""
            {"id":"msg_1","type":"message","role":"assistant","model":"m","content":{{content}},
             "stop_reason":"tool_use","usage":{"input_tokens":1,"output_tokens":1} }
            """
        );
        return stream
            ? _translation
                .Stream(request)
                .Run(MessagesStreamReplayer.Replay(message))
                .Select(e => e.Data())
                .Where(e => (string?)e["type"] == "response.output_item.done")
                .Select(e => e["item"]!)
            : _translation.Response(request, message)["output"]!.AsArray().Select(i => i!);
    }
}
