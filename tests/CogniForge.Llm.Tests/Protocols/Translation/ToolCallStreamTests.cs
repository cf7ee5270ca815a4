using System.Text.Json;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;
using CogniForge.Llm.Protocols.Translation.ResponsesToChat;
using CogniForge.Llm.Tests.Protocols.Messages;

namespace CogniForge.Llm.Tests.Protocols.Translation;

/// <summary>
/// Servers number the calls of a stream from 1 or with gaps, or not at all, and send the name after the id.
/// </summary>
public class ToolCallStreamTests
{
    private const string A = """
        {"index":1,"id":"a","function":{"name":"f","arguments":"{\"x\":"}};{"index":1,"function":{"arguments":"1}"}};
        {"index":7,"id":"b","function":{"name":"g","arguments":"{}"}}
        """;

    private const string LateName = """
        {"index":0,"id":"a"};{"index":0,"function":{"arguments":"{\"x\""}};
        {"index":0,"id":"a","function":{"name":"f","arguments":":1}"}};{"index":1,"id":"b","function":{"name":"g"}}
        """;

    private const string LateNames = """
        {"index":2,"id":"a","function":{"name":""}};{"index":5,"id":"b"};{"index":5,"function":{"arguments":"{}"}};
        {"index":5,"function":{"name":"g"}};{"index":2,"function":{"name":"f","arguments":"{\"x\":1}"}}
        """;

    private const string NoIndex = """
        {"id":"a","function":{"name":"f","arguments":"{\"x\""}};{"function":{"arguments":":1}"}};
        {"id":"b","function":{"name":"g","arguments":"{}"}}
        """;

    private const string NeitherIndexNorId = """
        {"function":{"name":"f","arguments":"{\"x\":1}"}};{"function":{"name":"g","arguments":"{}"}}
        """;

    private const string SameIndex = """
        {"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\":1}"}};
        {"index":0,"id":"b","function":{"name":"g","arguments":"{}"}}
        """;

    private const string NewIds = """
        {"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\""}};
        {"index":0,"id":"a2","function":{"arguments":":1}"}};{"index":1,"id":"b","function":{"name":"g"}}
        """;

    [Theory]
    [InlineData(A)]
    [InlineData(LateName)]
    [InlineData(LateNames, "g{} f{\"x\":1}")]
    [InlineData(NoIndex)]
    [InlineData(NeitherIndexNorId)]
    [InlineData(SameIndex)]
    [InlineData(NewIds)]
    public void Stream_OddCalls_AreTranslated(string calls, string expected = "f{\"x\":1} g{}")
    {
        var events = Chunks(calls);
        Assert.Equal(expected, ToMessages(events));
        Assert.Equal(expected, ToResponses(events));
    }

    /// <summary>A call that never has a name cannot be made.</summary>
    [Fact]
    public void Stream_CallWithoutName_EndsWithError()
    {
        var events = Chunks("""{"index":0,"id":"a","function":{"arguments":"{}"}}""");
        Assert.ThrowsAny<JsonException>(() => ToMessages(events));
        Assert.ThrowsAny<JsonException>(() => ToResponses(events));
    }

    private static List<SseEvent> Chunks(string calls) =>
        [
            .. calls
                .Split(';')
                .Select(c => Wire.Event("{\"id\":\"c1\",\"choices\":[{\"delta\":{\"tool_calls\":[" + c + "]}}]}")),
            Wire.Event("""{"choices":[{"delta":{},"finish_reason":"tool_calls"}]}"""),
        ];

    private static string ToMessages(List<SseEvent> events)
    {
        var translated = new AnthropicToOpenAITranslator().Stream([]).Run(events).Select(e => e.Data()).ToList();
        return string.Join(
            ' ',
            from start in translated
            where (string?)start["type"] == "content_block_start"
            let parts = translated
                .Where(d => (string?)d["type"] == "content_block_delta" && (int)d["index"]! == (int)start["index"]!)
                .Select(d => (string?)d["delta"]!["partial_json"])
            select (string?)start["content_block"]!["name"]
                + (string.Concat(parts) is { Length: > 0 } input ? input : "{}")
        );
    }

    private static string ToResponses(List<SseEvent> events)
    {
        var translated = new ResponsesToChatTranslator().Stream([]).Run(events).Select(e => e.Data()).ToList();
        var added = translated.Where(d => (string?)d["type"] == "response.output_item.added");
        var done = translated.Where(d => (string?)d["type"] == "response.output_item.done");
        Assert.Equal(Describe(added, _ => ""), Describe(done, _ => ""));
        return Describe(done, item => (string?)item["arguments"]);

        static string Describe(
            IEnumerable<System.Text.Json.Nodes.JsonObject> items,
            Func<System.Text.Json.Nodes.JsonNode, string?> arguments
        ) => string.Join(' ', items.Select(d => (string?)d["item"]!["name"] + arguments(d["item"]!)));
    }
}
