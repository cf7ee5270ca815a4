using System.Text.Json;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Anthropic;
using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Tests.Protocols.Messages;

public class MessagesStreamReaderTests
{
    private readonly MessagesStreamReader _reader = new();

    [Fact]
    public void Read_WholeStream_ReturnsKindsAndMetadata()
    {
        StreamEventKind[] kinds = [.. Streams.Parse(Samples.ToolStream).Select(_reader.Read)];

        const StreamEventKind P = StreamEventKind.Preamble,
            C = StreamEventKind.Content;
        Assert.Equal([P, P, P, C, C, C, C, P, C, C, C, P, C, C, C, C, C], kinds);
        Assert.True(_reader.IsComplete);
        Assert.Equal(new("msg_1", "claude-haiku-4.5", "tool_use", new(12, 90, 30, 40, 0, 20)), _reader.Metadata);

        // Escapes count as written.
        Assert.Equal("Let me see.Looking".Length + """{\"city\":\"Zürich\"}""".Length, _reader.Output.Characters);
    }

    [Fact]
    public void Read_DeltaUsage_ReplacesOnlyItsCounts()
    {
        Read(
            """
            {"type":"message_start","message":{"id":"msg_1","model":"m",
              "usage":{"input_tokens":12,"cache_read_input_tokens":5,"output_tokens":1}}}
            """
        );
        Assert.Equal(new(12, 1, 5), _reader.Metadata.Usage);
        Read("""{"type":"message_delta","delta":{},"usage":{"output_tokens":20}}""");
        Read(
            """
            {"type":"message_delta","delta":{},"usage":{"output_tokens":30,"input_tokens":13,
              "cache_read_input_tokens":null}}
            """
        );
        Assert.Equal(new(13, 30, 5), _reader.Metadata.Usage);
        Assert.False(_reader.IsComplete);
    }

    [Fact]
    public void Read_StopReason_IsComplete()
    {
        Read("""{"type":"message_delta","delta":{"stop_reason":"end_turn"}}""");
        Assert.True(_reader.IsComplete);
    }

    [Theory]
    [InlineData("invalid_request_error", "prompt is too long: 9 tokens > 8 maximum", ErrorCategory.ContextLength)]
    [InlineData("invalid_request_error", "no", ErrorCategory.InvalidRequest)]
    [InlineData("authentication_error", "no", ErrorCategory.Authentication)]
    [InlineData("billing_error", "no", ErrorCategory.Billing)]
    [InlineData("permission_error", "no", ErrorCategory.Authentication)]
    [InlineData("not_found_error", "no", ErrorCategory.ModelNotFound)]
    [InlineData("request_too_large", "no", ErrorCategory.RequestTooLarge)]
    [InlineData("rate_limit_error", "no", ErrorCategory.RateLimited)]
    [InlineData("overloaded_error", "no", ErrorCategory.Overloaded)]
    [InlineData("timeout_error", "no", ErrorCategory.Timeout)]
    [InlineData("api_error", "no", ErrorCategory.ServerError)]
    [InlineData("something_new", "no", ErrorCategory.ServerError)]
    internal void Read_Error_HasItsCategory(string type, string message, ErrorCategory category)
    {
        Assert.Equal(
            StreamEventKind.Error,
            Read($$$"""{"type":"error","error":{"type":"{{{type}}}","message":"{{{message}}}"}}""")
        );
        Assert.Equal(new(category, message, Code: type), _reader.Metadata.Error);
    }

    [Theory]
    [InlineData("""{"message":"bad","code":500}""")]
    [InlineData("""{"message":"bad","code":500,"type":"server_error"}""")]
    public void Read_EventNamedError_KeepsMessage(string data)
    {
        Assert.Equal(StreamEventKind.Error, _reader.Read(data, "error"));
        Assert.Equal("bad", _reader.Metadata.Error!.Message);
    }

    [Fact]
    public void Read_SpendLimit_IsBilling()
    {
        Read(
            """
            {"type":"error","error":{"type":"rate_limit_error","message":"no",
              "details":{"error_code":"enforced_spend_limit_reached"}}}
            """
        );
        Assert.Equal(new(ErrorCategory.Billing, "no", Code: "enforced_spend_limit_reached"), _reader.Metadata.Error);
    }

    [Fact]
    public void Read_Done_EndsTheStream() => Assert.Equal(StreamEventKind.End, _reader.Read(SseEvent.Done));

    [Fact]
    public void Read_UnknownType_IsPreamble() =>
        Assert.Equal(StreamEventKind.Preamble, Read("""{"type":"something_new","x":1}"""));

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"type":1}""")]
    [InlineData("""{"typ\ud800":"ping"}""")]
    public void Read_InvalidEvent_ThrowsJsonException(string data) =>
        Assert.ThrowsAny<JsonException>(() => Read(data));

    private StreamEventKind Read(string data) => _reader.Read(data);
}
