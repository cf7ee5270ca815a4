using System.Text.Json;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.OpenAI.Chat;
using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Tests.Protocols.Chat;

/// <summary>Reading of chat streams, as OpenAI specifies them and as other servers send them.</summary>
public class ChatStreamTests
{
    private readonly CogniForge.Llm.Protocols.ProtocolStreamReader _reader = new ChatAdapter().CreateStreamReader();

    [Fact]
    public void Read_OpenAIStream_ClassifiesEachEvent()
    {
        const string Head =
            """{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"gpt-6","choices":""";
        Assert.Equal(
            StreamEventKind.Preamble,
            _reader.Read(
                Head
                    + """[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null"""
                        + ""","finish_reason":null}],"usage":null,"obfuscation":"xx"}"""
            )
        );
        Assert.Equal(
            StreamEventKind.Content,
            _reader.Read(Head + """[{"index":0,"delta":{"content":"Grüße"},"finish_reason":null}],"usage":null}""")
        );
        Assert.Equal(
            StreamEventKind.Content,
            _reader.Read(
                Head
                    + """[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]}"""
                        + ""","finish_reason":null}],"usage":null}"""
            )
        );
        Assert.False(_reader.IsComplete);
        Assert.Equal(
            StreamEventKind.Content,
            _reader.Read(Head + """[{"index":0,"delta":{},"finish_reason":"tool_calls"}],"usage":null}""")
        );
        Assert.True(_reader.IsComplete);
        Assert.Equal(
            StreamEventKind.Usage,
            _reader.Read(Head + """[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}""")
        );
        Assert.Equal(StreamEventKind.End, _reader.Read("[DONE]"));
        Assert.Equal(new ResponseMetadata("chatcmpl-1", "gpt-6", "tool_calls", new TokenUsage(3, 2)), _reader.Metadata);
        Assert.Equal(7, _reader.Output.Characters);
    }

    [Theory]
    [InlineData(
        """
        {"choices":[{"index":0,"delta":{"role":"assistant","content":null,"tool_calls":[],"function_call":null}}]}
        """,
        "Preamble"
    )]
    [InlineData("""{"choices":[{"index":0,"delta":{}}]}""", "Preamble")]
    [InlineData("""{"choices":[],"prompt_filter_results":[]}""", "Preamble")]
    [InlineData("{}", "Preamble")]
    [InlineData(
        """{"choices":[{"index":0,"delta":{"role":"assistant"}}],"usage":{"prompt_tokens":3,"completion_tokens":0}}""",
        "Preamble"
    )]
    [InlineData("""{"choices":[{"index":0,"delta":{"refusal":"No"}}]}""", "Content")]
    [InlineData("""{"choices":[{"index":0,"delta":{"reasoning_content":"Hm"}}]}""", "Content")]
    [InlineData("""{"choices":[{"index":0,"delta":{"reasoning":"Hm"}}]}""", "Content")]
    [InlineData("""{"choices":[{"index":0,"delta":{"audio":{"id":"a"}}}]}""", "Content")]
    [InlineData(
        """
        {"choices":[{"index":0,"delta":{"content":"a","tool_calls":[{"index":0,"id":"c",
          "function":{"name":"f","arguments":""}}]}}]}
        """,
        "Content"
    )]
    [InlineData("""{"choices":[{"index":0,"delta":{"something_new":"x"}}]}""", "Content")]
    [InlineData(
        """
        {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":1}}
        """,
        "Content"
    )]
    [InlineData(
        """{"choices":[{"index":0,"delta":{"content":"a"}}],"usage":{"prompt_tokens":3,"completion_tokens":1}}""",
        "Content"
    )]
    [InlineData("""{"choices":[{"index":0,"delta":{}}],"usage":{"prompt_tokens":3,"completion_tokens":1}}""", "Usage")]
    [InlineData("""{"choices":null,"usage":{"prompt_tokens":3,"completion_tokens":1}}""", "Usage")]
    [InlineData("""{"usage":{"prompt_tokens":3,"completion_tokens":1}}""", "Usage")]
    public void Read_Chunk_ReturnsKind(string chunk, string kind)
    {
        Assert.Equal(Enum.Parse<StreamEventKind>(kind), _reader.Read(chunk));
        Assert.Equal(chunk.Contains("usage", StringComparison.Ordinal), _reader.Metadata.Usage is not null);
    }

    [Fact]
    public void Read_UsageWithChoiceAfterEnd_ReturnsUsage()
    {
        _reader.Read("""{"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}""");
        Assert.Equal(
            StreamEventKind.Usage,
            _reader.Read(
                """
                {"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],
                  "usage":{"prompt_tokens":9,"completion_tokens":4,"cost":0.1}}
                """
            )
        );
        Assert.True(_reader.IsComplete);
        Assert.Equal(new TokenUsage(9, 4), _reader.Metadata.Usage);
    }

    [Fact]
    public void Read_SeveralUsages_LastNonEmptyCounts()
    {
        _reader.Read(
            """{"choices":[{"index":0,"delta":{"content":"a"}}],"usage":{"prompt_tokens":9,"completion_tokens":1}}"""
        );
        _reader.Read(
            """{"choices":[{"index":0,"delta":{"content":"b"}}],"usage":{"prompt_tokens":9,"completion_tokens":2}}"""
        );
        _reader.Read("""{"choices":[],"usage":{"prompt_tokens":0,"completion_tokens":0}}""");
        Assert.Equal(new TokenUsage(9, 2), _reader.Metadata.Usage);
    }

    [Fact]
    public void Read_TwoChoices_CompletesWhenBothEnd()
    {
        _reader.Read("""{"choices":[{"index":0,"delta":{"content":"a"}}]}""");
        _reader.Read("""{"choices":[{"index":1,"delta":{"content":"b"}}]}""");
        _reader.Read("""{"choices":[{"index":1,"delta":{},"finish_reason":"length"}]}""");
        Assert.False(_reader.IsComplete);
        _reader.Read("""{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""");
        Assert.True(_reader.IsComplete);
        Assert.Equal("stop", _reader.Metadata.FinishReason);
    }

    [Fact]
    public void Read_DoneWithoutFinishReason_IsComplete()
    {
        _reader.Read("""{"choices":[{"index":0,"delta":{"content":"a"}}]}""");
        Assert.False(_reader.IsComplete);
        _reader.Read("[DONE]");
        Assert.True(_reader.IsComplete);
    }

    [Theory]
    [InlineData(
        """
        {"id":"gen-1","error":{"code":502,"message":"gone"},
          "choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]}
        """,
        "gone"
    )]
    [InlineData("""{"error":{"message":"gone","type":"server_error","param":null,"code":null}}""", "gone")]
    [InlineData(
        """
        {"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error","error":{"code":502,"message":"gone"}}]}
        """,
        "gone"
    )]
    [InlineData(
        """{"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]}""",
        "The provider ended the response with an error."
    )]
    [InlineData(
        """{"choices":[{"index":0,"delta":{},"finish_reason":"insufficient_system_resource"}]}""",
        "The provider ended the response with 'insufficient_system_resource'."
    )]
    [InlineData(
        """{"choices":[{"index":0,"delta":{},"finish_reason":"abort"}]}""",
        "The provider ended the response with 'abort'."
    )]
    [InlineData(
        """{"choices":[{"index":0,"delta":{},"finish_reason":"function_call_filter: MALFORMED_FUNCTION_CALL"}]}""",
        "The provider ended the response with 'function_call_filter: MALFORMED_FUNCTION_CALL'."
    )]
    [InlineData("""{"object":"error","message":"gone","code":500}""", "gone")]
    [InlineData("""[{"error":{"code":500,"message":"gone","status":"INTERNAL"}}]""", "gone")]
    public void Read_Error_LeavesStreamIncomplete(string chunk, string message)
    {
        _reader.Read("""{"choices":[{"index":0,"delta":{"content":"a"}}]}""");
        Assert.Equal(StreamEventKind.Error, _reader.Read(chunk));
        Assert.Equal(
            (ErrorCategory.ServerError, message),
            (_reader.Metadata.Error!.Category, _reader.Metadata.Error.Message)
        );
        Assert.False(_reader.IsComplete);
    }

    /// <summary>Gemini's OpenAI endpoint sends its errors in an array.</summary>
    [Fact]
    public void Read_ErrorInArray_KeepsStatusAndReason()
    {
        Assert.Equal(
            StreamEventKind.Error,
            _reader.Read("""[{"error":{"code":429,"message":"Quota exceeded","status":"RESOURCE_EXHAUSTED"}}]""")
        );
        Assert.Equal(
            (ErrorCategory.RateLimited, 429, "Quota exceeded"),
            (_reader.Metadata.Error!.Category, _reader.Metadata.Error.Status, _reader.Metadata.Error.Message)
        );
    }

    [Theory]
    [InlineData("""{"message":"bad","code":500}""")]
    [InlineData("""{"message":"bad","code":500,"type":"server_error"}""")]
    [InlineData("""{"error":{"message":"bad","code":500}}""")]
    [InlineData("""{"error":"bad"}""")]
    public void Read_EventNamedError_KeepsMessage(string data)
    {
        Assert.Equal(StreamEventKind.Error, _reader.Read(data, "error"));
        Assert.Equal(
            (ErrorCategory.ServerError, "bad"),
            (_reader.Metadata.Error!.Category, _reader.Metadata.Error.Message)
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("[DONE")]
    [InlineData("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a")]
    [InlineData("""{"choices":"none"}""")]
    [InlineData("""{"choices":["none"]}""")]
    [InlineData("""{"choices":[{"delta":"none"}]}""")]
    public void Read_InvalidChunk_Throws(string chunk) => Assert.ThrowsAny<JsonException>(() => _reader.Read(chunk));
}
