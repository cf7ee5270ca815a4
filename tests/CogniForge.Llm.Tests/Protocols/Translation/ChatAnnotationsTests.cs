using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Routing;
using CogniForge.Llm.Tests.Protocols.Messages;

namespace CogniForge.Llm.Tests.Protocols.Translation;

/// <summary>Web pages that OpenRouter's and OpenAI's chats cite reach clients of the other formats.</summary>
public class ChatAnnotationsTests
{
    private const string Annotation = """
        {"type":"url_citation","url_citation":
          {"url":"https://a.example","title":"A","start_index":3,"end_index":8,"content":"It is raining."}}
        """;

    private const string Bare = """
        {"type":"url_citation","url_citation":{"url":"https://b.example","start_index":3,"end_index":99}}
        """;

    private const string Citations = """
        [{"type":"web_search_result_location","url":"https://a.example","title":"A","cited_text":"It is raining.",
          "encrypted_index":""},
         {"type":"web_search_result_location","url":"https://b.example","title":null,"cited_text":"",
          "encrypted_index":""}]
        """;

    [Fact]
    public void Messages_CitedPages_AreCitations()
    {
        var message = Translator(Protocol.Messages)
            .Response(
                [],
                Wire.Node(
                    $$"""
                    {"id":"c","choices":[{"message":{"content":"It rains.","annotations":
                      [{{Annotation}},{{Bare}},{"type":"file_citation"}]},"finish_reason":"stop"}]}
                    """
                )
            );
        Wire.AssertEqual(
            $$"""[{"type":"text","text":"It rains.","citations":{{Citations}} }]""",
            message["content"]
        );
    }

    /// <summary>Perplexity has the pages beside the choices; the final chunk of a stream has them.</summary>
    [Theory]
    [InlineData(
        """
        "citations":["https://a.example","https://b.example"],
        "search_results":[{"title":"A","url":"https://a.example","date":null,"snippet":"It is raining."},
          {"url":"https://b.example"}]
        """,
        Citations
    )]
    [InlineData(
        """
        "citations":["https://b.example"]
        """,
        """
        [{"type":"web_search_result_location","url":"https://b.example","title":null,"cited_text":"",
          "encrypted_index":""}]
        """
    )]
    public void Search_ResultsOfPerplexity_AreCitations(string results, string expected)
    {
        var whole = Wire.Node(
            $$"""
            {"id":"c",{{results}},"choices":[{"message":{"content":"It rains."},"finish_reason":"stop"}]}
            """
        );
        SseEvent[] chunks =
        [
            Wire.Event("""{"id":"c","choices":[{"delta":{"content":"It rains."}}]}"""),
            Wire.Event($$"""{"id":"c",{{results}},"choices":[{"delta":{},"finish_reason":"stop"}]}"""),
            Wire.Event($$"""{"id":"c",{{results}},"choices":[],"usage":{} }"""),
        ];

        var message = Translator(Protocol.Messages).Response([], whole.DeepClone().AsObject());
        Wire.AssertEqual(expected, message["content"]![0]!["citations"]);
        var events = Translator(Protocol.Messages).Stream([]).Run(chunks).Select(e => e.Data());
        var citations = events
            .Where(d => (string?)d["delta"]?["type"] == "citations_delta")
            .Select(d => d["delta"]!["citation"]!.DeepClone());
        Wire.AssertEqual(expected, new JsonArray([.. citations]));

        var count = JsonNode.Parse(expected)!.AsArray().Count;
        var response = Translator(Protocol.Responses).Response([], whole);
        Assert.Equal(count, response["output"]![0]!["content"]![0]!["annotations"]!.AsArray().Count);
        var part = Translator(Protocol.Responses)
            .Stream(Wire.Node("{}"))
            .Run(chunks)
            .Single(e => e.Name == "response.content_part.done");
        Assert.Equal(count, part.Data()["part"]!["annotations"]!.AsArray().Count);
    }

    /// <summary>Without the page's words, the cited part of the text; of long ones, the beginning.</summary>
    [Fact]
    public void Messages_CitedText_IsOfTextAndShort()
    {
        var message = Translator(Protocol.Messages)
            .Response(
                [],
                Wire.Node(
                    $$"""
                    {"id":"c","choices":[{"message":{"content":"It rains.","annotations":
                      [{{Annotation.Replace(",\"content\":\"It is raining.\"", "", StringComparison.Ordinal)}},
                       {{Annotation.Replace("It is", new string('a', 200), StringComparison.Ordinal)}}]} }]}
                    """
                )
            );
        var citations = message["content"]![0]!["citations"]!;
        Assert.Equal("rains", (string?)citations[0]!["cited_text"]);
        Assert.Equal(150, ((string)citations[1]!["cited_text"]!).Length);
    }

    [Theory]
    [InlineData("""{"content":"It "}""", """{"content":"rains."}""", """{"annotations":[A,B]}""")]
    [InlineData("""{"annotations":[A]}""", """{"content":"It rains."}""", """{"content":"","annotations":[B]}""")]
    public void Stream_CitedPages_AreCitations(params string[] deltas)
    {
        var events = Translator(Protocol.Messages).Stream([]).Run(Chunks(deltas)).Select(e => e.Data()).ToList();
        var citations = events
            .Where(d => (string?)d["delta"]?["type"] == "citations_delta")
            .Select(d => d["delta"]!["citation"]!.DeepClone());
        Wire.AssertEqual(Citations, new JsonArray([.. citations]));
        Assert.Single(events, d => (string?)d["type"] == "content_block_start");

        var responses = Translator(Protocol.Responses).Stream(Wire.Node("{}")).Run(Chunks(deltas));
        var part = responses.Single(e => e.Name == "response.content_part.done").Data()["part"]!;
        Assert.Equal(2, part["annotations"]!.AsArray().Count);
    }

    /// <summary>After the end of the text, they follow as links.</summary>
    [Fact]
    public void Stream_CitationsAfterText_AreLinks()
    {
        string[] deltas =
        [
            """{"content":"It rains."}""",
            """{"tool_calls":[{"index":0,"id":"t","function":{"name":"f","arguments":"{}"}}]}""",
            """{"annotations":[A,B]}""",
        ];
        const string Links = "[A](https://a.example) [https://b.example](https://b.example)";

        var events = Translator(Protocol.Messages).Stream([]).Run(Chunks(deltas)).Select(e => e.Data()).ToList();
        Assert.Equal(
            ["text", "tool_use", "text"],
            events
                .Where(d => (string?)d["type"] == "content_block_start")
                .Select(d => (string?)d["content_block"]!["type"])
        );
        Assert.Contains(events, d => (string?)d["delta"]?["text"] == Links);

        var responses = Translator(Protocol.Responses).Stream(Wire.Node("{}")).Run(Chunks(deltas));
        Assert.Contains(responses, e => (string?)e.Data()["delta"] == Links);
    }

    /// <summary>Anthropic refuses a citation of others, which lacks its encrypted index.</summary>
    [Fact]
    public void History_CitationsOfOthers_AreRemovedForAnthropic()
    {
        const string Own = """
            {"type":"web_search_result_location","url":"u","title":"t","cited_text":"c","encrypted_index":"abc"}
            """;
        var dropped = new List<string>();
        var cleaned = ForeignHistory.Remove(
            Wire.Json(
                $$"""
                {"messages":[{"role":"user","content":"q"},{"role":"assistant","content":[
                  {"type":"text","text":"a","citations":{{Citations}} },
                  {"type":"text","text":"b","citations":[{{Own}}]}]},
                 {"role":"user","content":"r"}]}
                """
            ),
            Protocol.Messages,
            ProviderKind.Anthropic,
            dropped
        );
        Wire.AssertEqual(
            $$"""[{"type":"text","text":"a"},{"type":"text","text":"b","citations":[{{Own}}]}]""",
            cleaned!["messages"]![1]!["content"]
        );
        Assert.Equal(["citations"], dropped);
    }

    private static List<SseEvent> Chunks(string[] deltas) =>
        [
            .. deltas
                .Select(d =>
                    d.Replace("A,B", $"{Annotation},{Bare}", StringComparison.Ordinal)
                        .Replace("[A]", $"[{Annotation}]", StringComparison.Ordinal)
                        .Replace("[B]", $"[{Bare}]", StringComparison.Ordinal)
                )
                .Select(d => Wire.Event("{\"id\":\"c\",\"choices\":[{\"delta\":" + d + "}]}")),
        ];

    private static ITranslator Translator(Protocol client) =>
        ProtocolAdapters.Select(client, [Protocol.ChatCompletions])!.Value.Translation!;
}
