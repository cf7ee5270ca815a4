using System.Text.Json;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.OpenAI.Responses;
using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Tests.Protocols.Responses;

/// <summary>Reading of responses, complete and streamed.</summary>
public class ResponsesReadTests
{
    private readonly ResponsesAdapter _responses = new();

    [Theory]
    [InlineData("\"status\":\"completed\"", "completed")]
    [InlineData(
        "\"status\":\"incomplete\",\"incomplete_details\":{\"reason\":\"max_output_tokens\"}",
        "max_output_tokens"
    )]
    public void Read_Response_ReturnsMetadata(string status, string reason)
    {
        var metadata = _responses.Read(
            Wire.Json(
                $$$"""
                {"id":"resp_1","object":"response","created_at":1,{{{status}}},"error":null,"model":"gpt-6","output":[],
                 "usage":{"input_tokens":100,"input_tokens_details":{"cached_tokens":60,"cache_write_tokens":30},
                   "output_tokens":20,"output_tokens_details":{"reasoning_tokens":7},"total_tokens":120}}
                """
            )
        );
        Assert.Equal(new ResponseMetadata("resp_1", "gpt-6", reason, new TokenUsage(10, 20, 60, 30, 0, 7)), metadata);
    }

    [Theory]
    [InlineData(
        """{"id":"r","status":"failed","error":{"code":"rate_limit_exceeded","message":"slow"},"output":[]}""",
        "RateLimited"
    )]
    [InlineData(
        """{"id":"r","status":"failed","error":{"code":"invalid_image","message":"no image"},"output":[]}""",
        "InvalidRequest"
    )]
    [InlineData("""{"id":"r","status":"failed","error":null,"output":[]}""", "ServerError")]
    [InlineData("""{"id":"r","status":"cancelled","output":[]}""", "ServerError")]
    [InlineData("""{"id":"r","status":"completed"}""", "InvalidResponse")]
    public void Read_FailedOrEmptyResponse_ReturnsFailure(string body, string category) =>
        Assert.Equal(Enum.Parse<ErrorCategory>(category), _responses.Read(Wire.Json(body)).Error?.Category);

    [Fact]
    public void ReadStream_Events_ClassifiesEach()
    {
        (string Data, StreamEventKind Kind)[] events =
        [
            (
                """
                {"type":"response.created","sequence_number":0,
                  "response":{"id":"resp_1","model":"gpt-6","status":"in_progress","output":[]}}
                """,
                StreamEventKind.Preamble
            ),
            (
                """
                {"type":"response.in_progress","sequence_number":1,
                  "response":{"id":"resp_1","model":"gpt-6","status":"in_progress","output":[]}}
                """,
                StreamEventKind.Preamble
            ),
            (
                """
                {"type":"response.output_item.added","output_index":0,
                  "item":{"id":"msg_1","type":"message","content":[]}}
                """,
                StreamEventKind.Preamble
            ),
            (
                """{"type":"response.content_part.added","item_id":"msg_1","part":{"type":"output_text","text":""}}""",
                StreamEventKind.Preamble
            ),
            ("""{"type":"response.output_text.delta","item_id":"msg_1","delta":"Hello"}""", StreamEventKind.Content),
            ("""{"type":"response.output_text.done","item_id":"msg_1","text":"Hello"}""", StreamEventKind.Content),
            (
                """{"type":"response.function_call_arguments.delta","item_id":"fc_1","delta":"{}"}""",
                StreamEventKind.Content
            ),
            ("""{"type":"response.something_new","item_id":"fc_1"}""", StreamEventKind.Content),
        ];
        var reader = _responses.CreateStreamReader();
        Assert.All(
            events,
            e => Assert.Equal(e.Kind, reader.Read(e.Data, Wire.Json(e.Data).GetProperty("type").GetString()))
        );
        Assert.Equal(
            (7, false, new ResponseMetadata("resp_1", "gpt-6", null, null)),
            (reader.Output.Characters, reader.IsComplete, reader.Metadata)
        );

        Assert.Equal(
            StreamEventKind.Content,
            reader.Read(
                """
                {"type":"response.completed","response":{"id":"resp_1","model":"gpt-6","status":"completed","output":[],
                  "usage":{"input_tokens":3,"output_tokens":2}}}
                """
            )
        );
        Assert.Equal(new ResponseMetadata("resp_1", "gpt-6", "completed", new TokenUsage(3, 2)), reader.Metadata);
        Assert.True(reader.IsComplete);
        Assert.Equal(StreamEventKind.End, reader.Read("[DONE]"));
    }

    [Theory]
    [InlineData("""{"type":"error","code":"server_error","message":"gone","param":null,"sequence_number":3}""")]
    [InlineData("""{"type":"error","error":{"code":"server_error","message":"gone"},"sequence_number":3}""")]
    [InlineData(
        """
        {"type":"response.failed","response":{"id":"r","status":"failed",
          "error":{"code":"server_error","message":"gone"},"output":[]}}
        """
    )]
    [InlineData("""{"error":{"code":"server_error","message":"gone"}}""")]
    public void ReadStream_Error_LeavesStreamIncomplete(string data)
    {
        var reader = _responses.CreateStreamReader();
        Assert.Equal(StreamEventKind.Error, reader.Read(data));
        Assert.Equal(
            (ErrorCategory.ServerError, "gone", "server_error"),
            (reader.Metadata.Error!.Category, reader.Metadata.Error.Message, reader.Metadata.Error.Code)
        );
        Assert.False(reader.IsComplete);
    }

    [Theory]
    [InlineData("""{"message":"bad","code":500}""", "error")]
    [InlineData("""{"message":"bad","code":500,"type":"server_error"}""", "error")]
    [InlineData("""[{"error":{"code":500,"message":"bad"}}]""", null)]
    public void ReadStream_UnusualError_KeepsMessage(string data, string? name)
    {
        var reader = _responses.CreateStreamReader();
        Assert.Equal(StreamEventKind.Error, reader.Read(data, name));
        Assert.Equal(
            (ErrorCategory.ServerError, 500, "bad"),
            (reader.Metadata.Error!.Category, reader.Metadata.Error.Status, reader.Metadata.Error.Message)
        );
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"type":"response.completed"}""")]
    [InlineData("""{"type":"response.created","response":[]}""")]
    [InlineData("""{"type":""")]
    public void ReadStream_InvalidEvent_Throws(string data) =>
        Assert.ThrowsAny<JsonException>(() => _responses.CreateStreamReader().Read(data));

    [Fact]
    public void StreamError_Any_HasMembersForAllSdks()
    {
        var item = _responses.StreamError(new(503, ErrorCategory.Overloaded, "Unavailable", null, null, "req-1"), 6);
        Assert.Equal("error", item.Name);
        Wire.AssertEqual(
            """
            {"type":"error",
              "error":{"message":"Unavailable","type":"server_error","param":null,"code":"service_unavailable"},
              "code":"service_unavailable","message":"Unavailable","param":null,"sequence_number":6}
            """,
            item.Data()
        );
    }
}
