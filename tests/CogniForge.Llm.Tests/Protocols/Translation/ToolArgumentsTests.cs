using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;
using CogniForge.Llm.Protocols.Translation.ResponsesToChat;
using CogniForge.Llm.Tests.Protocols.Messages;

namespace CogniForge.Llm.Tests.Protocols.Translation;

/// <summary>
/// Arguments as models write them: encoded twice (OpenManus#989), with raw line breaks or invalid escapes, or with text
/// around them. A client parses what it gets.
/// </summary>
public class ToolArgumentsTests
{
    [Theory]
    [InlineData("""["{\"a\"",":1}"]""", """{"a":1}""")]
    [InlineData("""["\"{\\\"a\\\":","1}\""]""", """{"a":1}""")] // encoded twice
    [InlineData("""["{}","{\"a\":1}"]""", """{"a":1}""")] // some servers begin with an empty object
    [InlineData("""["{","}"," "]""", "{}")]
    [InlineData("""["", " "]""", "{}")]
    [InlineData("""["nu","ll"]""", "{}")]
    [InlineData("""["{\"a\":\"x\ny\u0001\"}"]""", """{"a":"x\ny\u0001"}""")]
    [InlineData("""["{\"a\":\"x\\","'y\\z\\\\\"}"]""", """{"a":"x\\'y\\z\\"}""")]
    [InlineData("""["{\"a\":\"}{\\\"\"}","</tool_call>"]""", """{"a":"}{\""}""")]
    [InlineData("""[" {\"a\":[1,{\"b\":2}]}\n","{\"a\":2}"]""", """{"a":[1,{"b":2}]}""")]
    [InlineData("""[{"a":1}]""", """{"a":1}""")]
    public void Arguments_Odd_AreRepaired(string fragments, string expected)
    {
        Wire.AssertEqual(expected, StreamToMessages(fragments));
        Wire.AssertEqual(expected, StreamToResponses(fragments));
        Wire.AssertEqual(expected, WholeToMessages(WholeOf(fragments)));
        Wire.AssertEqual(expected, WholeToResponses(WholeOf(fragments)));
    }

    /// <summary>The model reads its own mistake in the tool's error, and mends it.</summary>
    [Theory]
    [InlineData("""["[1]"]""", "[1]")]
    [InlineData("""["\"a","\""]""", "\"a\"")]
    [InlineData("[5]", "5")]
    public void Arguments_NoObject_AreMarked(string fragments, string expected)
    {
        Assert.Equal(expected, (string?)StreamToMessages(fragments)!["INVALID_JSON"]);
        Assert.Equal(expected, (string?)WholeToMessages(WholeOf(fragments))!["INVALID_JSON"]);
    }

    /// <summary>Completed, half a command could run: the stream ends with an error instead.</summary>
    [Theory]
    [InlineData("""["{\"a\":\"rm -rf /tmp"]""")]
    [InlineData("""["{a:","1}"]""")]
    [InlineData("""["{\"a\":1,}"]""")]
    public void Stream_BrokenArguments_EndsWithError(string fragments)
    {
        Assert.ThrowsAny<JsonException>(() => TextToMessages(fragments, "tool_calls"));
        Assert.Equal("INVALID_JSON", WholeToMessages(WholeOf(fragments))!.AsObject().Single().Key);
    }

    /// <summary>As Anthropic's own: the stop reason explains why.</summary>
    [Fact]
    public void Stream_TruncatedArguments_EndAsTheyAre() =>
        Assert.Equal("{\"a\":\"x", TextToMessages("""["{\"a\":","\"x"]""", "length"));

    [Fact]
    public void Stream_Object_IsNotHeldBack()
    {
        var translator = new AnthropicToOpenAITranslator().Stream([]);
        var deltas = Chunks("""["{\"a\":\"b","c\"}"]""", "tool_calls")
            .Select(e => translator.Translate(e).Count(t => t.Name == "content_block_delta"));
        Assert.Equal([0, 1, 1, 0], deltas);
    }

    /// <summary>Fragments end anywhere, also within an escape.</summary>
    [Theory]
    [InlineData(""" {"a":"\\\\ \\\" \\u00e9 }{","b":[{},[1]]} """, """{"a":"\\\\ \\\" \\u00e9 }{","b":[{},[1]]}""")]
    [InlineData("{}{ \"a\":\"\\d\n\"}x", """{"a":"\\d\u000a"}""")]
    public void Add_AnyPieces_SameText(string text, string expected)
    {
        for (var size = 1; size <= text.Length; size++)
        {
            var arguments = new ToolArguments();
            var sent = string.Concat(text.Chunk(size).Select(piece => arguments.Add(new(piece))));
            Assert.Equal(expected, sent);
            Assert.Equal((expected, true), (arguments.ToString(), arguments.IsComplete));
        }
    }

    private static JsonNode? StreamToMessages(string fragments) =>
        JsonNode.Parse(TextToMessages(fragments, "tool_calls") is { Length: > 0 } text ? text : "{}");

    private static string TextToMessages(string fragments, string reason) =>
        string.Concat(
            new AnthropicToOpenAITranslator()
                .Stream([])
                .Run(Chunks(fragments, reason))
                .Where(e => e.Name == "content_block_delta")
                .Select(e => (string?)e.Data()["delta"]!["partial_json"])
        );

    private static JsonNode? StreamToResponses(string fragments)
    {
        var events = new ResponsesToChatTranslator().Stream([]).Run(Chunks(fragments, "tool_calls"));
        var deltas = string.Concat(
            events
                .Where(e => e.Name == "response.function_call_arguments.delta")
                .Select(e => (string?)e.Data()["delta"])
        );
        var done = (string?)events.Single(e => e.Name == "response.function_call_arguments.done").Data()["arguments"];
        Assert.Equal(done, deltas);
        return JsonNode.Parse(done!);
    }

    private static JsonNode? WholeToMessages(JsonNode arguments) =>
        new AnthropicToOpenAITranslator().Response([], Whole(arguments))["content"]![0]!["input"];

    private static JsonNode? WholeToResponses(JsonNode arguments) =>
        JsonNode.Parse(
            (string)new ResponsesToChatTranslator().Response([], Whole(arguments))["output"]![0]!["arguments"]!
        );

    /// <summary>The text of all fragments, or the one that is no text.</summary>
    private static JsonNode WholeOf(string fragments)
    {
        var all = JsonNode.Parse(fragments)!.AsArray();
        return all[0]!.GetValueKind() == JsonValueKind.String
            ? JsonValue.Create(string.Concat(all.Select(f => (string?)f)))
            : all[0]!.DeepClone();
    }

    private static JsonObject Whole(JsonNode arguments) =>
        new()
        {
            ["id"] = "c1",
            ["choices"] = new JsonArray(
                new JsonObject
                {
                    ["message"] = new JsonObject { ["tool_calls"] = new JsonArray(Call(arguments, isFirst: true)) },
                    ["finish_reason"] = "tool_calls",
                }
            ),
        };

    private static List<SseEvent> Chunks(string fragments, string reason) =>
        [
            Chunk(Call(null, isFirst: true)),
            .. JsonNode.Parse(fragments)!.AsArray().Select(f => Chunk(Call(f!.DeepClone(), isFirst: false))),
            Chunk(null, reason),
        ];

    private static SseEvent Chunk(JsonObject? call, string? reason = null) =>
        SseEvent.Create(
            null,
            new JsonObject
            {
                ["id"] = "c1",
                ["choices"] = new JsonArray(
                    new JsonObject
                    {
                        ["delta"] = new JsonObject { ["tool_calls"] = call is null ? null : new JsonArray(call) },
                        ["finish_reason"] = reason,
                    }
                ),
            }
        );

    private static JsonObject Call(JsonNode? arguments, bool isFirst)
    {
        var function = new JsonObject();
        if (isFirst)
        {
            function["name"] = "f";
        }

        if (arguments is not null)
        {
            function["arguments"] = arguments;
        }

        return isFirst
            ? new() { ["index"] = 0, ["id"] = "a", ["function"] = function }
            : new() { ["index"] = 0, ["function"] = function };
    }
}
