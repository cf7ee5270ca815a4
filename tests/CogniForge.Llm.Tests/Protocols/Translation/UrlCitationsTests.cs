using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Tests.Protocols.Messages;

namespace CogniForge.Llm.Tests.Protocols.Translation;

/// <summary>Web pages that Claude cites reach clients of OpenAI's formats as <c>url_citation</c>.</summary>
public class UrlCitationsTests
{
    private const string Blocks = """
        [{"type":"text","text":"I search."},
         {"type":"server_tool_use","id":"s","name":"web_search","input":{}},
         {"type":"text","text":" It rains.","citations":[
           {"type":"web_search_result_location","url":"https://a.example","title":"A","cited_text":"rain",
            "encrypted_index":"x"},
           {"type":"char_location","document_index":0,"cited_text":"rain"},
           {"type":"web_search_result_location","url":"https://b.example","title":null}]},
         {"type":"text","text":" Bye."}]
        """;

    private const string InChat = """
        [{"type":"url_citation","url_citation":
           {"end_index":19,"start_index":9,"title":"A","url":"https://a.example"}},
         {"type":"url_citation","url_citation":
           {"end_index":19,"start_index":9,"title":"","url":"https://b.example"}}]
        """;

    private const string InResponses = """
        [{"type":"url_citation","end_index":19,"start_index":9,"title":"A","url":"https://a.example"},
         {"type":"url_citation","end_index":19,"start_index":9,"title":"","url":"https://b.example"}]
        """;

    private static readonly string _message = $$"""
        {"id":"msg_1","type":"message","role":"assistant","model":"m","content":{{Blocks}},"stop_reason":"end_turn"}
        """;

    private const string Stream = """
        data: {"type":"message_start","message":{"id":"msg_1","model":"m","usage":{"input_tokens":3,"output_tokens":1}}}
        data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}
        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"I search."}}
        data: {"type":"content_block_stop","index":0}
        data: {"type":"content_block_start","index":1,"content_block":{"type":"server_tool_use","id":"s",
          "name":"web_search","input":{}}}
        data: {"type":"content_block_stop","index":1}
        data: {"type":"content_block_start","index":2,"content_block":{"type":"text","text":"","citations":[]}}
        data: {"type":"content_block_delta","index":2,"delta":{"type":"citations_delta","citation":
          {"type":"web_search_result_location","url":"https://a.example","title":"A","cited_text":"rain"}}}
        data: {"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":" It "}}
        data: {"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"rains."}}
        data: {"type":"content_block_delta","index":2,"delta":{"type":"citations_delta","citation":
          {"type":"web_search_result_location","url":"https://b.example"}}}
        data: {"type":"content_block_stop","index":2}
        data: {"type":"content_block_start","index":3,"content_block":{"type":"text","text":""}}
        data: {"type":"content_block_delta","index":3,"delta":{"type":"text_delta","text":" Bye."}}
        data: {"type":"content_block_stop","index":3}
        data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":3}}
        data: {"type":"message_stop"}
        """;

    [Fact]
    public void Chat_CitedPages_AreAnnotations()
    {
        var chat = Translator(Protocol.ChatCompletions).Response([], Wire.Node(_message));

        var message = chat["choices"]![0]!["message"]!;
        Wire.AssertEqual(InChat, message["annotations"]);
        Assert.Equal(" It rains.", ((string)message["content"]!)[9..19]);
    }

    [Fact]
    public void Chat_StreamedCitations_FollowTheirText()
    {
        var events = Translator(Protocol.ChatCompletions).Stream([]).Run(Streams.Parse(Stream));

        var deltas = events.Where(e => !e.IsDone).Select(e => e.Data()["choices"]![0]!["delta"]!.AsObject()).ToList();
        var cited = deltas.FindIndex(d => d.ContainsKey("annotations"));
        Wire.AssertEqual(InChat, deltas[cited]["annotations"]);
        Assert.Equal("I search. It rains.", string.Concat(deltas[..cited].Select(d => (string?)d["content"])));
    }

    /// <summary>A stream keeps them until its text ends: 50,000 took 150 MB.</summary>
    [Fact]
    public void Chat_VeryManyStreamedCitations_KeepsThousand()
    {
        const string Citation =
            "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"citations_delta\",\"citation\":"
            + "{\"type\":\"web_search_result_location\",\"url\":\"https://a.example\",\"title\":\"A\"}}}\n\n";
        var stream =
            """
            data: {"type":"message_start","message":{"id":"m","model":"m","usage":{"input_tokens":1}}}

            data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":"Hi"}}


            """
            + string.Concat(Enumerable.Repeat(Citation, 1_100))
            + """
            data: {"type":"content_block_stop","index":0}


            """;
        var events = Translator(Protocol.ChatCompletions).Stream([]).Run(Streams.Parse(stream));

        var annotations = events
            .Where(e => !e.IsDone)
            .SelectMany(e => e.Data()["choices"]!.AsArray())
            .Select(c => c!["delta"]!["annotations"])
            .OfType<JsonArray>();
        Assert.Equal(1_000, annotations.Single().Count);
    }

    [Fact]
    public void Responses_CitedPages_AreAnnotations() =>
        Wire.AssertEqual(
            InResponses,
            Translator(Protocol.Responses).Response(Wire.Node("""{"input":"q"}"""), Wire.Node(_message))["output"]![0]![
                "content"
            ]![0]!["annotations"]
        );

    [Fact]
    public void Responses_StreamedCitations_AreEventsAndInPart()
    {
        var events = Translator(Protocol.Responses).Stream(Wire.Node("""{"input":"q"}""")).Run(Streams.Parse(Stream));

        var added = events.Where(e => e.Name == "response.output_text.annotation.added").Select(e => e.Data()).ToList();
        Wire.AssertEqual(InResponses, new JsonArray([.. added.Select(e => e["annotation"]!.DeepClone())]));
        Assert.Equal([0, 1], added.Select(e => (int)e["annotation_index"]!));
        var part = events.Single(e => e.Name == "response.content_part.done").Data()["part"]!;
        Wire.AssertEqual(InResponses, part["annotations"]);
        Assert.Equal("I search. It rains. Bye.", (string?)part["text"]);
    }

    /// <summary>A tool call between two texts begins a new item, whose positions begin anew.</summary>
    [Fact]
    public void Responses_TextAfterCall_CountsFromItsItem()
    {
        var chunks = """
            data: {"choices":[{"index":0,"delta":{"reasoning_content":"Hm","content":"One."}}]}
            data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f"}}]}}]}
            data: {"choices":[{"index":0,"delta":{"content":"Two.","annotations":[{"type":"url_citation",
              "url_citation":{"url":"https://a.example","title":"A","start_index":4,"end_index":8}}]}}]}
            """;
        var translator = ProtocolAdapters
            .Select(Protocol.Responses, [Protocol.ChatCompletions])!
            .Value.Translation!.Stream(Wire.Node("""{"input":"q"}"""));

        var added = translator
            .Run(Streams.Parse(chunks))
            .Single(e => e.Name == "response.output_text.annotation.added")
            .Data()["annotation"];

        Wire.AssertEqual(
            """{"type":"url_citation","end_index":4,"start_index":0,"title":"A","url":"https://a.example"}""",
            added
        );
    }

    private static ITranslator Translator(Protocol client) =>
        ProtocolAdapters.Select(client, [Protocol.Messages])!.Value.Translation!;
}
