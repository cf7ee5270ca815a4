using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.OpenAI.Chat;
using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Tests.Protocols.Chat;

/// <summary>Reading of complete chat completions, and their errors.</summary>
public class ChatReadTests
{
    private readonly ChatAdapter _chat = new();

    [Fact]
    public void Read_Response_ReturnsMetadata()
    {
        var metadata = _chat.Read(
            Wire.Json(
                """
                {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-6-luna-2026",
                  "choices":[{"index":0,"message":{"role":"assistant","content":"Hi","refusal":null},"logprobs":null,
                  "finish_reason":"stop"}],
                 "usage":{"prompt_tokens":100,"completion_tokens":20,"total_tokens":120,
                   "prompt_tokens_details":{"cached_tokens":60,"cache_write_tokens":30,"audio_tokens":0},
                   "completion_tokens_details":{"reasoning_tokens":7}}}
                """
            )
        );
        Assert.Equal(
            new ResponseMetadata("chatcmpl-1", "gpt-6-luna-2026", "stop", new TokenUsage(10, 20, 60, 30, 0, 7)),
            metadata
        );
    }

    [Theory]
    [InlineData(
        """{"prompt_tokens":50,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":60}}""",
        50,
        60,
        1
    )]
    [InlineData("""{"prompt_tokens":5,"completion_tokens":1,"prompt_tokens_details":null}""", 5, 0, 1)]
    [InlineData("""{"prompt_tokens":5.0,"total_tokens":5}""", 5, 0, 0)]
    public void Read_UnusualUsage_ReadsValidCounts(string usage, int fresh, int cached, int output)
    {
        var metadata = _chat.Read(Wire.Json($$"""{"choices":[{}],"usage":{{usage}}}"""));
        Assert.Equal(new TokenUsage(fresh, output, cached), metadata.Usage);
    }

    /// <summary>Providers with names of their own, or with reasoning beside the output.</summary>
    [Theory]
    // xAI: inspect_ai#5528; Gemini's compatible API: vercel/ai#6082
    [InlineData("""{"prompt_tokens":10,"completion_tokens":5,"total_tokens":1015}""", 10, 0, 1005, 1000)]
    [InlineData(
        """
        {"prompt_tokens":10,"completion_tokens":5,"total_tokens":1015,
         "completion_tokens_details":{"reasoning_tokens":1000}}
        """,
        10,
        0,
        1005,
        1000
    )]
    [InlineData("""{"prompt_tokens":10,"total_tokens":30}""", 10, 0, 20, 0)]
    // Kimi: pi#2017; DeepSeek: api-docs.deepseek.com, context caching
    [InlineData(
        """{"prompt_tokens":1000,"completion_tokens":5,"total_tokens":1005,"cached_tokens":900}""",
        100,
        900,
        5,
        0
    )]
    [InlineData(
        """{"prompt_tokens":1000,"completion_tokens":5,"prompt_cache_hit_tokens":900,"prompt_cache_miss_tokens":100}""",
        100,
        900,
        5,
        0
    )]
    [InlineData(
        """{"input_tokens":10,"output_tokens":5,"output_tokens_details":{"reasoning_tokens":2},"total_tokens":15}""",
        10,
        0,
        5,
        2
    )]
    public void Read_ProvidersOwnUsage_CountsAllTokens(
        string usage,
        int fresh,
        int cached,
        int output,
        int reasoning
    ) =>
        Assert.Equal(
            new TokenUsage(fresh, output, cached, Reasoning: reasoning),
            _chat.Read(Wire.Json($$"""{"choices":[{}],"usage":{{usage}}}""")).Usage
        );

    [Fact]
    public void Read_TotalOnly_IsEstimatedInput() =>
        Assert.Equal(
            new TokenUsage(1015, 0, IsEstimated: true),
            _chat.Read(Wire.Json("""{"choices":[{}],"usage":{"total_tokens":1015}}""")).Usage
        );

    [Fact]
    public void Read_UsageWithinStreamChoice_IsRead()
    {
        var reader = new ChatStreamReader();
        reader.Read(
            """
            {"id":"1","model":"kimi","choices":[{"index":0,"delta":{},"finish_reason":"stop",
             "usage":{"prompt_tokens":1000,"completion_tokens":5,"total_tokens":1005,"cached_tokens":900}}]}
            """
        );
        Assert.Equal(new TokenUsage(100, 5, 900), reader.Metadata.Usage);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}""")]
    [InlineData("[1]")]
    public void Read_EmptyUsage_ReturnsNull(string usage) =>
        Assert.Null(_chat.Read(Wire.Json($$"""{"choices":[{}],"usage":{{usage}}}""")).Usage);

    [Theory]
    [InlineData(
        """{"error":{"code":429,"message":"slow","metadata":{"error_type":"rate_limit_exceeded"}}}""",
        "RateLimited",
        429,
        "rate_limit_exceeded"
    )]
    [InlineData(
        """{"error":{"code":502,"message":"no","metadata":{"error_type":"provider_unavailable"}}}""",
        "ServerError",
        502,
        "provider_unavailable"
    )]
    [InlineData("""{"error":{"code":402,"message":"pay"}}""", "Billing", 402, null)]
    [InlineData("""{"error":{"code":"503","message":"later"}}""", "Overloaded", 503, null)]
    [InlineData("""{"error":{"code":524,"message":"slow"}}""", "ServerError", 524, null)]
    [InlineData(
        """{"error":{"code":400,"message":"This endpoint's maximum context length is 10 tokens"}}""",
        "ContextLength",
        400,
        null
    )]
    [InlineData(
        """{"error":{"code":"context_length_exceeded","type":"invalid_request_error","message":"long"}}""",
        "ContextLength",
        null,
        "context_length_exceeded"
    )]
    [InlineData(
        """{"error":{"code":null,"type":"invalid_request_error","message":"bad"}}""",
        "InvalidRequest",
        null,
        "invalid_request_error"
    )]
    [InlineData(
        """{"error":{"code":"insufficient_quota","type":"insufficient_quota","message":"quota"}}""",
        "Billing",
        null,
        "insufficient_quota"
    )]
    [InlineData(
        """{"error":{"code":403,"message":"flagged","metadata":{"error_type":"content_policy_violation"}}}""",
        "ContentFilter",
        403,
        "content_policy_violation"
    )]
    [InlineData("""{"error":"boom"}""", "ServerError", null, null)]
    [InlineData(
        """{"object":"error","message":"bad","type":"BadRequestError","code":400}""",
        "InvalidRequest",
        400,
        "BadRequestError"
    )]
    [InlineData(
        """{"choices":[{"finish_reason":"error","message":{"content":"par"},"error":{"code":502,"message":"died"}}]}""",
        "ServerError",
        502,
        null
    )]
    [InlineData("""{"choices":[{"finish_reason":"error","message":{"content":"par"}}]}""", "ServerError", null, null)]
    [InlineData("""{"choices":[{"finish_reason":"abort","message":{"content":"par"}}]}""", "ServerError", null, null)]
    [InlineData(
        """{"choices":[{"finish_reason":"MALFORMED_FUNCTION_CALL","message":{"content":""}}]}""",
        "ServerError",
        null,
        null
    )]
    [InlineData("""{"choices":[]}""", "InvalidResponse", null, null)]
    [InlineData("""{"choices":"x"}""", "InvalidResponse", null, null)]
    [InlineData("{}", "InvalidResponse", null, null)]
    public void Read_ErrorInResponse_ReturnsFailure(string body, string category, int? status, string? code)
    {
        var error = _chat.Read(Wire.Json(body)).Error;
        Assert.Equal((Enum.Parse<ErrorCategory>(category), status, code), (error!.Category, error.Status, error.Code));
        Assert.NotEmpty(error.Message);
    }

    [Fact]
    public void Read_NullError_IsIgnored() =>
        Assert.Null(_chat.Read(Wire.Json("""{"error":null,"choices":[{"message":{"content":"a"}}]}""")).Error);

    [Theory]
    [InlineData(402, "BudgetExceeded", null, "insufficient_quota", "budget_exceeded")]
    [InlineData(429, "KeyRateLimited", null, "rate_limit_error", "rate_limit_exceeded")]
    [InlineData(401, "InvalidRequest", null, "invalid_request_error", "invalid_api_key")]
    [InlineData(403, "InvalidRequest", null, "permission_error", null)]
    [InlineData(404, "InvalidRequest", "model_not_found", "invalid_request_error", "model_not_found")]
    [InlineData(400, "ContextLength", null, "invalid_request_error", "context_length_exceeded")]
    [InlineData(502, "Authentication", null, "server_error", null)]
    [InlineData(503, "Overloaded", null, "server_error", "service_unavailable")]
    public void Error_Any_HasFourMembers(int status, string category, string? errorCode, string type, string? code)
    {
        var error = new ClientError(
            status,
            Enum.Parse<ErrorCategory>(category),
            "What happened",
            "messages[0]",
            errorCode,
            "req-1"
        );
        var expected = Wire.Node(
            $$"""{"error":{"message":"What happened","type":"{{type}}","param":"messages[0]"} }"""
        );
        expected["error"]!["code"] = code;
        Wire.AssertEqual(expected, _chat.Error(error));
        Wire.AssertEqual(expected, _chat.StreamError(error, 3).Data());
        Assert.Null(_chat.StreamError(error, 3).Name);
    }
}
