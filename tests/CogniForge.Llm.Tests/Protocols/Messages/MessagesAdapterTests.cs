using System.Text.Json;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Anthropic;
using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Tests.Protocols.Messages;

public class MessagesAdapterTests
{
    private readonly MessagesAdapter _adapter = new();

    [Fact]
    public void Read_Response_ReturnsMetadata()
    {
        var metadata = _adapter.Read(
            Wire.Json(
                """
                {"id":"msg_1","type":"message","role":"assistant","model":"claude-haiku-4.5",
                  "content":[{"type":"text","text":"Hi"}],"stop_reason":"end_turn","stop_sequence":null,
                 "usage":{"input_tokens":10,"cache_creation_input_tokens":300,"cache_read_input_tokens":7,
                   "cache_creation":{"ephemeral_5m_input_tokens":100,"ephemeral_1h_input_tokens":200},
                          "output_tokens":50,"output_tokens_details":{"thinking_tokens":40},"service_tier":"standard"}}
                """
            )
        );
        Assert.Equal(new("msg_1", "claude-haiku-4.5", "end_turn", new(10, 50, 7, 100, 200, 40)), metadata);
        Assert.Equal(317, metadata.Usage!.Input);
    }

    [Theory]
    [InlineData("""{"input_tokens":3,"output_tokens":5}""", 3, 5, 0, 0, 0)]
    [InlineData("""{"input_tokens":3,"output_tokens":5,"cache_creation_input_tokens":8}""", 3, 5, 0, 8, 0)]
    [InlineData(
        """{"input_tokens":3,"output_tokens":5,"cache_creation":{"ephemeral_1h_input_tokens":8}}""",
        3,
        5,
        0,
        0,
        8
    )]
    [InlineData(
        """
        {"input_tokens":3,"output_tokens":5,"cache_creation_input_tokens":8,
          "cache_creation":{"ephemeral_1h_input_tokens":6}}
        """,
        3,
        5,
        0,
        2,
        6
    )]
    [InlineData(
        """
        {"input_tokens":3,"output_tokens":5,"cache_creation_input_tokens":null,"cache_read_input_tokens":4,
          "cache_creation":null}
        """,
        3,
        5,
        4,
        0,
        0
    )]
    [InlineData("""{"input_tokens":-3,"output_tokens":"5","cache_read_input_tokens":4}""", 0, 5, 4, 0, 0)]
    public void Read_Usage_ReturnsDistinctCounts(
        string usage,
        int fresh,
        int output,
        int read,
        int write,
        int writeLong
    ) =>
        Assert.Equal(
            new(fresh, output, read, write, writeLong),
            _adapter.Read(Wire.Json($$"""{"usage":{{usage}}}""")).Usage
        );

    [Theory]
    [InlineData("""{"service_tier":"standard"}""")]
    [InlineData("""{"input_tokens":0,"output_tokens":0}""")]
    [InlineData("null")]
    public void Read_UsageWithoutCounts_ReturnsNull(string usage) =>
        Assert.Null(_adapter.Read(Wire.Json($$"""{"usage":{{usage}}}""")).Usage);

    [Fact]
    public void Read_ErrorInResponse_ReturnsFailure()
    {
        var metadata = _adapter.Read(
            Wire.Json(
                """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_1"}"""
            )
        );
        Assert.Equal(new(ErrorCategory.Overloaded, "Overloaded", Code: "overloaded_error"), metadata.Error);
    }

    [Theory]
    [InlineData(400, "invalid_request_error")]
    [InlineData(401, "authentication_error")]
    [InlineData(402, "billing_error")]
    [InlineData(403, "permission_error")]
    [InlineData(404, "not_found_error")]
    [InlineData(409, "conflict_error")]
    [InlineData(413, "request_too_large")]
    [InlineData(422, "invalid_request_error")]
    [InlineData(429, "rate_limit_error")]
    [InlineData(500, "api_error")]
    [InlineData(502, "api_error")]
    [InlineData(503, "overloaded_error")]
    [InlineData(504, "timeout_error")]
    public void Error_Status_SelectsType(int status, string type)
    {
        var body = _adapter.Error(new(status, ErrorCategory.Internal, "It failed.", RequestId: "req_1"));
        Wire.AssertEqual(
            $$"""{"type":"error","error":{"type":"{{type}}","message":"It failed."},"request_id":"req_1"}""",
            body
        );
    }

    [Fact]
    public void Error_WithFieldAndCode_NamesBoth()
    {
        var body = _adapter.Error(new(400, ErrorCategory.InvalidRequest, "must be a string", "model", "wrong_type"));
        Wire.AssertEqual(
            """
            {"type":"error","error":{"type":"invalid_request_error","message":"model: must be a string",
              "details":{"error_code":"wrong_type"}},"request_id":null}
            """,
            body
        );
    }

    [Fact]
    public void StreamError_Event_HasNameAndType()
    {
        var item = _adapter.StreamError(new(503, ErrorCategory.Overloaded, "Overloaded", RequestId: "req_1"), 3);
        Streams.AssertEqual(
            """
            event: error
            data: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_1"}
            """,
            [item]
        );
    }

    [Fact]
    public void Aggregate_WithoutStart_Throws() =>
        Assert.Throws<JsonException>(() => _adapter.Aggregate(Streams.Parse("""data: {"type":"message_stop"}""")));
}
