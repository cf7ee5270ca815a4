using System.Text.Json;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.OpenAI.Responses;
using CogniForge.Llm.Protocols.Translation.ResponsesToChat;
using CogniForge.Llm.Tests.Protocols.Chat;

namespace CogniForge.Llm.Tests.Protocols.Responses;

/// <summary>Aggregation of event streams to complete responses, and the reverse.</summary>
public class ResponsesReplayTests
{
    private readonly ResponsesAdapter _responses = new();

    [Fact]
    public void Replay_Response_HasEveryEventInOrder()
    {
        var response = Wire.Node(
            """
            {"id":"resp_1","object":"response","created_at":5,"status":"completed","model":"m",
              "usage":{"input_tokens":1,"output_tokens":2,"total_tokens":3},"output":[
              {"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"Hm"}]},
              {"id":"msg_1","type":"message","role":"assistant","status":"completed",
                "content":[{"type":"output_text","text":"Hi","annotations":[],"logprobs":[]},
                {"type":"refusal","refusal":"No"}]},
              {"id":"fc_1","type":"function_call","status":"completed","call_id":"call_1","name":"f","arguments":"{}"},
              {"id":"ws_1","type":"web_search_call","status":"completed"}]}
            """
        );
        string[] expected =
        [
            """
            {"type":"response.created","sequence_number":0,"response":{"id":"resp_1","object":"response","created_at":5,
              "status":"in_progress","model":"m","usage":null,"output":[]}}
            """,
            """
            {"type":"response.in_progress","sequence_number":1,
              "response":{"id":"resp_1","object":"response","created_at":5,"status":"in_progress","model":"m",
              "usage":null,"output":[]}}
            """,
            """
            {"type":"response.output_item.added","sequence_number":2,"output_index":0,
              "item":{"id":"rs_1","type":"reasoning","summary":[]}}
            """,
            """
            {"type":"response.reasoning_summary_part.added","sequence_number":3,"item_id":"rs_1","output_index":0,
              "summary_index":0,"part":{"type":"summary_text","text":""}}
            """,
            """
            {"type":"response.reasoning_summary_text.delta","sequence_number":4,"item_id":"rs_1","output_index":0,
              "summary_index":0,"delta":"Hm"}
            """,
            """
            {"type":"response.reasoning_summary_text.done","sequence_number":5,"item_id":"rs_1","output_index":0,
              "summary_index":0,"text":"Hm"}
            """,
            """
            {"type":"response.reasoning_summary_part.done","sequence_number":6,"item_id":"rs_1","output_index":0,
              "summary_index":0,"part":{"type":"summary_text","text":"Hm"}}
            """,
            """
            {"type":"response.output_item.done","sequence_number":7,"output_index":0,
              "item":{"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"Hm"}]}}
            """,
            """
            {"type":"response.output_item.added","sequence_number":8,"output_index":1,
              "item":{"id":"msg_1","type":"message","role":"assistant","status":"in_progress","content":[]}}
            """,
            """
            {"type":"response.content_part.added","sequence_number":9,"item_id":"msg_1","output_index":1,
              "content_index":0,"part":{"type":"output_text","text":"","annotations":[],"logprobs":[]}}
            """,
            """
            {"type":"response.output_text.delta","sequence_number":10,"item_id":"msg_1","output_index":1,
              "content_index":0,"delta":"Hi","logprobs":[]}
            """,
            """
            {"type":"response.output_text.done","sequence_number":11,"item_id":"msg_1","output_index":1,
              "content_index":0,"text":"Hi","logprobs":[]}
            """,
            """
            {"type":"response.content_part.done","sequence_number":12,"item_id":"msg_1","output_index":1,
              "content_index":0,"part":{"type":"output_text","text":"Hi","annotations":[],"logprobs":[]}}
            """,
            """
            {"type":"response.content_part.added","sequence_number":13,"item_id":"msg_1","output_index":1,
              "content_index":1,"part":{"type":"refusal","refusal":""}}
            """,
            """
            {"type":"response.refusal.delta","sequence_number":14,"item_id":"msg_1","output_index":1,"content_index":1,
              "delta":"No"}
            """,
            """
            {"type":"response.refusal.done","sequence_number":15,"item_id":"msg_1","output_index":1,"content_index":1,
              "refusal":"No"}
            """,
            """
            {"type":"response.content_part.done","sequence_number":16,"item_id":"msg_1","output_index":1,
              "content_index":1,"part":{"type":"refusal","refusal":"No"}}
            """,
            """
            {"type":"response.output_item.done","sequence_number":17,"output_index":1,
              "item":{"id":"msg_1","type":"message","role":"assistant","status":"completed",
              "content":[{"type":"output_text","text":"Hi","annotations":[],"logprobs":[]},
              {"type":"refusal","refusal":"No"}]}}
            """,
            """
            {"type":"response.output_item.added","sequence_number":18,"output_index":2,
              "item":{"id":"fc_1","type":"function_call","status":"in_progress","call_id":"call_1","name":"f",
              "arguments":""}}
            """,
            """
            {"type":"response.function_call_arguments.delta","sequence_number":19,"item_id":"fc_1","output_index":2,
              "delta":"{}"}
            """,
            """
            {"type":"response.function_call_arguments.done","sequence_number":20,"item_id":"fc_1","output_index":2,
              "name":"f","arguments":"{}"}
            """,
            """
            {"type":"response.output_item.done","sequence_number":21,"output_index":2,
              "item":{"id":"fc_1","type":"function_call","status":"completed","call_id":"call_1","name":"f",
              "arguments":"{}"}}
            """,
            """
            {"type":"response.output_item.added","sequence_number":22,"output_index":3,
              "item":{"id":"ws_1","type":"web_search_call","status":"in_progress"}}
            """,
            """
            {"type":"response.output_item.done","sequence_number":23,"output_index":3,
              "item":{"id":"ws_1","type":"web_search_call","status":"completed"}}
            """,
            $$"""{"type":"response.completed","sequence_number":24,"response":{{response.ToJsonString()}} }""",
        ];
        AssertEvents(expected, _responses.Replay(response));
    }

    [Fact]
    public void Aggregate_ReplayedResponse_ReturnsSameResponse()
    {
        var random = new Random(815);
        for (var round = 0; round < 300; round++)
        {
            var response = new ResponsesToChatTranslator().Response([], ChatReplayTests.CreateResponse(random));
            var events = _responses.Replay(response).ToList();
            Wire.AssertEqual(response, _responses.Aggregate(events));

            var reader = _responses.CreateStreamReader();
            events.ForEach(e => reader.Read(e));
            Assert.Equal(_responses.Read(Wire.Json(response.ToJsonString())), reader.Metadata);
            Assert.True(reader.IsComplete);
        }
    }

    [Fact]
    public void Aggregate_StreamWithoutEnd_Throws() =>
        Assert.Throws<JsonException>(() =>
            _responses.Aggregate([Wire.Event("""{"type":"response.created","response":{}}""")])
        );

    [Fact]
    public void StreamEnd_Any_IsEmpty() => Assert.Empty(_responses.StreamEnd);

    /// <summary>Asserts that the events equal the expected ones, and that each event's name is its type.</summary>
    internal static void AssertEvents(IEnumerable<string> expected, IEnumerable<SseEvent> actual)
    {
        foreach (var (json, item) in expected.Zip(actual))
        {
            Wire.AssertEqual(json, item.Data());
            Assert.Equal(item.Data()["type"]!.ToString(), item.Name);
        }

        Assert.Equal(expected.Count(), actual.Count());
    }
}
