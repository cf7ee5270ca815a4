using System.Text;
using System.Text.Json;
using CogniForge.Llm.Resilience;
using CogniForge.Llm.Tests.Protocols;

namespace CogniForge.Llm.Tests.Resilience;

public class ProviderErrorClassifierTests
{
    [Theory]
    [InlineData(400, "InvalidRequest")]
    [InlineData(401, "Authentication")]
    [InlineData(402, "Billing")]
    [InlineData(403, "Authentication")]
    [InlineData(404, "ModelNotFound")]
    [InlineData(408, "ServerError")]
    [InlineData(409, "ServerError")]
    [InlineData(410, "ModelNotFound")]
    [InlineData(413, "RequestTooLarge")]
    [InlineData(422, "InvalidRequest")]
    [InlineData(429, "RateLimited")]
    [InlineData(498, "Overloaded")] // Groq's flex tier
    [InlineData(500, "ServerError")]
    [InlineData(502, "ServerError")]
    [InlineData(503, "Overloaded")]
    [InlineData(524, "ServerError")]
    [InlineData(529, "Overloaded")]
    public void ClassifyResponse_StatusOnly_DeterminesCategory(int status, string category)
    {
        Assert.Equal(category, Classify(status, "<html>Bad</html>").Category.ToString());
        Assert.Equal(category, Classify(status, "").Category.ToString());
        Assert.Equal(category, Classify(status, """{"error":{"message":"No."}}""").Category.ToString());
    }

    /// <summary>The error code takes precedence over the status.</summary>
    [Theory]
    [InlineData(
        429,
        """
        {"error":{"message":"You exceeded your quota","type":"insufficient_quota","code":"insufficient_quota"}}
        """,
        "Billing"
    )]
    [InlineData(
        429,
        """
        {"type":"error","error":{"type":"rate_limit_error","message":"Spent",
         "details":{"error_code":"enforced_spend_limit_reached"}}}
        """,
        "Billing"
    )]
    [InlineData(
        403,
        """{"error":{"message":"Pay","code":403,"metadata":{"error_type":"payment_required"}}}""",
        "Billing"
    )]
    [InlineData(
        400,
        """{"error":{"message":"Too long","type":"invalid_request_error","code":"context_length_exceeded"}}""",
        "ContextLength"
    )]
    [InlineData(
        400,
        """
        {"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 9 tokens > 8 maximum"}}
        """,
        "ContextLength"
    )]
    [InlineData(
        400,
        """
        {"object":"error","message":"This model's maximum context length is 8 tokens.","type":"BadRequestError",
         "param":null,"code":400}
        """,
        "ContextLength"
    )]
    [InlineData(
        400,
        """{"error":{"message":"Refused","type":"invalid_request_error","code":"content_filter"}}""",
        "ContentFilter"
    )]
    [InlineData(
        400,
        """{"error":{"message":"Refused","type":"invalid_request_error","code":"content_policy_violation"}}""",
        "ContentFilter"
    )]
    [InlineData(400, """{"error":"a bare text"}""", "InvalidRequest")]
    [InlineData(503, """{"error":{"message":"Wait","type":"requests","code":"slow_down"}}""", "Overloaded")]
    // Kimi's status means rate limits too.
    [InlineData(
        429,
        """
        {"error":{"message":"The engine is currently overloaded, please try again later",
         "type":"engine_overloaded_error"}}
        """,
        "Overloaded"
    )]
    [InlineData(429, """{"error":{"message":"Wait","type":"rate_limit_reached_error"}}""", "RateLimited")]
    public void ClassifyResponse_Code_TakesPrecedenceOverStatus(int status, string body, string category) =>
        Assert.Equal(category, Classify(status, body).Category.ToString());

    /// <summary>The message tells what the status and the code do not; sources: provider-errors.json.</summary>
    [Theory]
    [InlineData(400, "Your credit balance is too low to access the Anthropic API. Please go to Plans.", "Billing")]
    [InlineData(403, "Extra usage is required for long context requests.", "Billing")]
    [InlineData(400, "Insufficient Balance", "Billing")]
    [InlineData(400, "API key not valid. Please pass a valid API key.", "Authentication")]
    [InlineData(400, "Incorrect API key provided: xa***ef.", "Authentication")]
    [InlineData(404, "Invalid API Key", "Authentication")]
    [InlineData(400, "The model `gemma2-9b-it` has been decommissioned and is no longer supported.", "ModelNotFound")]
    [InlineData(400, "The model `gpt-4-32k` does not exist or you do not have access to it.", "ModelNotFound")]
    [InlineData(400, "claude-9 is not a valid model ID", "ModelNotFound")]
    [InlineData(400, "input length and `max_tokens` exceed context limit: 197626 + 20000 > 200000", "ContextLength")]
    [InlineData(
        400,
        "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
        "ContextLength"
    )]
    [InlineData(400, "Please reduce the length of the messages or completion.", "ContextLength")]
    [InlineData(400, "This model's maximum prompt length is 131072 but the request has 150000.", "ContextLength")]
    [InlineData(400, "Range of input length should be [1, 129024]", "ContextLength")]
    [InlineData(400, "Your request exceeded model token limit: 262144", "ContextLength")]
    [InlineData(400, "Input is too long for requested model.", "ContextLength")]
    [InlineData(400, "prompt token count of 128001 exceeds the limit of 128000", "ContextLength")]
    [InlineData(400, "The input (40 tokens) is longer than the model's context length (32 tokens).", "ContextLength")]
    [InlineData(400, "Input length 131393 exceeds the maximum allowed input length of 131040 tokens.", "ContextLength")]
    [InlineData(413, "prompt is too long: 9 tokens > 8 maximum", "ContextLength")]
    // Bedrock's throttling sounds alike; Gemini's quota per minute sounds like an empty account.
    [InlineData(429, "Too many tokens, please wait before trying again.", "RateLimited")]
    [InlineData(429, "You exceeded your current quota, please check your plan and billing details.", "RateLimited")]
    [InlineData(500, "Invalid API Key", "ServerError")]
    [InlineData(400, "max_tokens must be at least 1", "InvalidRequest")]
    // ultraworkers/claw-code#3164, bytedance/deer-flow#583 and #376, gwdg/chat-ai#116
    [InlineData(500, "Context size has been exceeded.", "ContextLength")]
    [InlineData(400, "Total tokens of image and text exceed max message tokens. Request id: 0217", "ContextLength")]
    [InlineData(400, "max_total_tokens (172191) must be less than or equal to max_seq_len (131072)", "ContextLength")]
    [InlineData(400, "max_tokens must be at least 1, got -1488.", "ContextLength")]
    [InlineData(400, "too many tokens: size limit exceeded by 11326 tokens. Try fewer inputs.", "ContextLength")]
    [InlineData(
        400,
        "Invalid 'messages[1].content': string too long. Expected a string with maximum length 10485760, but got a "
            + "string with length 12000000 instead.",
        "ContextLength"
    )]
    // anthropics/claude-code#38035 and #19028, tencentmusic/supersonic#1572, macanderson/stella#2, opencode#24462
    [InlineData(
        400,
        "You have reached your specified API usage limits. You will regain access on 2026-04-01 at 00:00 UTC.",
        "Billing"
    )]
    [InlineData(400, "This organization has been disabled.", "Billing")]
    [InlineData(400, "Access denied, please make sure your account is in good standing.", "Billing")]
    [InlineData(429, "Insufficient balance or no resource package. Please recharge.", "Billing")]
    [InlineData(429, "Your account is suspended due to insufficient balance, please recharge.", "Billing")]
    // langbot-app/LangBot#1643, RooCodeInc/Roo-Code#9182, Laisky/one-api#77, google-gemini/gemini-cli#1614
    [InlineData(400, "Model Not Exist", "ModelNotFound")]
    [InlineData(400, "Unknown Model, please check the model code.", "ModelNotFound")]
    [InlineData(400, "The provided model identifier is invalid.", "ModelNotFound")]
    [InlineData(
        400,
        "Invocation of model ID anthropic.claude-sonnet-4 with on-demand throughput isn’t supported. Retry your "
            + "request with the ID or ARN of an inference profile that contains this model.",
        "ModelNotFound"
    )]
    [InlineData(400, "User location is not supported for the API use.", "ModelNotFound")]
    [InlineData(400, "model \"llama9\" not found, try pulling it first", "ModelNotFound")]
    [InlineData(400, "Model not found, inaccessible, and/or not deployed", "ModelNotFound")]
    [InlineData(400, "Invalid API-key provided.", "Authentication")]
    [InlineData(400, "Authentication Fails, Your api key: ****abcd is invalid", "Authentication")]
    [InlineData(400, "invalid x-api-key", "Authentication")]
    public void ClassifyResponse_Message_TakesPrecedenceOverStatus(int status, string message, string category) =>
        Assert.Equal(
            category,
            Classify(status, $$$"""{"error":{"message":{{{JsonSerializer.Serialize(message)}}}}}""").Category.ToString()
        );

    /// <summary>Each shape contains the message "No."</summary>
    [Theory]
    [InlineData("""{"error":{"message":"No."}}""")]
    [InlineData("""{"error":"No."}""")]
    [InlineData("""[{"error":{"code":400,"message":"No.","status":"INVALID_ARGUMENT"}}]""")]
    [InlineData("""{"detail":"No."}""")]
    [InlineData("""{"detail":[{"msg":"No.","type":"missing"}]}""")]
    [InlineData("""{"errors":[{"message":"No."}]}""")]
    [InlineData("""{"object":"error","message":"No.","code":400}""")]
    [InlineData("""{"error":{"error":{"message":"No."}}}""")]
    [InlineData("""{"error":{"message":"{\"error\":{\"code\":400,\"message\":\"No.\"}}","code":400}}""")]
    // open-webui/computer#293, diegosouzapw/OmniRoute#3044: OpenRouter's reason; Mistral; AWS; MiniMax
    [InlineData("""{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"No."}}}""")]
    [InlineData(
        """{"error":{"message":"Provider returned error","metadata":{"raw":"{\"error\":{\"message\":\"No.\"}}"}}}"""
    )]
    [InlineData("""{"error":{"message":"Provider returned error","metadata":{"raw":{"error":{"message":"No."}}}}}""")]
    [InlineData("""{"error":{"message":"No.","metadata":{"raw":"<html>"}}}""")]
    [InlineData("""{"object":"error","message":{"detail":[{"msg":"No."}]},"code":null}""")]
    [InlineData("""{"__type":"ValidationException","Message":"No."}""")]
    [InlineData("""{"base_resp":{"status_code":2013,"status_msg":"No."}}""")]
    [InlineData("No.")]
    public void ClassifyResponse_AnyShape_KeepsMessage(string body) =>
        Assert.Equal("No.", Classify(400, body).Message);

    /// <summary>FastAPI's message does not name the field.</summary>
    [Fact]
    public void ClassifyResponse_FieldApart_IsNamed() =>
        Assert.Equal(
            "messages.0.role: No.",
            Classify(400, """{"detail":[{"loc":["body","messages",0,"role"],"msg":"No."}]}""").Message
        );

    /// <summary>MoonshotAI/Kimi-K2#5, hsliuping/TradingAgents-CN#170: codes of empty accounts.</summary>
    [Theory]
    [InlineData(403, """{"error":{"message":"Not active","type":"exceeded_current_quota_error"}}""")]
    [InlineData(400, """{"error":{"message":"Denied","type":"Arrearage","code":"Arrearage"}}""")]
    [InlineData(
        400,
        """
        {"error":{"message":"Provider returned error","code":400,
         "metadata":{"raw":"{\"error\":{\"message\":\"Your credit balance is too low\"}}"}}}
        """
    )]
    public void ClassifyResponse_EmptyAccount_IsBilling(int status, string body) =>
        Assert.Equal(ErrorCategory.Billing, Classify(status, body).Category);

    /// <summary>Errors within a stream have no status, except for the code that OpenRouter sends.</summary>
    [Theory]
    [InlineData("""{"type":"overloaded_error","message":"Overloaded"}""", "Overloaded")]
    [InlineData("""{"type":"rate_limit_error","message":"Slow"}""", "RateLimited")]
    [InlineData("""{"code":"server_is_overloaded","message":"Overloaded"}""", "Overloaded")]
    [InlineData("""{"type":"api_error","message":"Oh"}""", "ServerError")]
    [InlineData("""{"type":"invalid_request_error","message":"No"}""", "InvalidRequest")]
    [InlineData("""{"type":"authentication_error","message":"Key"}""", "Authentication")]
    [InlineData("""{"type":"billing_error","message":"Pay"}""", "Billing")]
    [InlineData("""{"type":"timeout_error","message":"Late"}""", "Timeout")]
    [InlineData("""{"code":429,"message":"Slow"}""", "RateLimited")]
    [InlineData("""{"code":"502","message":"Away"}""", "ServerError")]
    [InlineData("""{"code":402,"message":"Pay","metadata":{"error_type":"payment_required"}}""", "Billing")]
    [InlineData("{}", "ServerError")]
    [InlineData("7", "ServerError")]
    public void ClassifyError_InStream_DeterminesCategory(string error, string category) =>
        Assert.Equal(category, ProviderErrorClassifier.ClassifyError(Wire.Json(error)).Category.ToString());

    [Fact]
    public void ClassifyResponse_Error_KeepsAllDetails() =>
        Assert.Equal(
            new ProviderError(
                ErrorCategory.RateLimited,
                "Slow",
                429,
                "rate_limit_exceeded",
                TimeSpan.FromSeconds(3),
                "p"
            ),
            ProviderErrorClassifier.ClassifyResponse(
                429,
                """
                {"error":{"message":"Slow","type":"requests","param":"p","code":"rate_limit_exceeded"}}
                """u8.ToArray(),
                TimeSpan.FromSeconds(3)
            )
        );

    [Theory]
    [InlineData("""{"error":{"message":7,"type":[],"code":{},"details":"x","metadata":1}}""")]
    [InlineData("""{"error":[]}""")]
    [InlineData("""{"error":null,"message":null}""")]
    [InlineData("[1]")]
    [InlineData("\"\\ud800\"")]
    [InlineData("""{"error":{"message":"\ud800","code":"\ud800"}}""")]
    public void ClassifyResponse_MalformedBody_IsServerError(string body)
    {
        var error = Classify(500, body);
        Assert.Equal((ErrorCategory.ServerError, 500), (error.Category, error.Status));
        Assert.NotEmpty(error.Message);
    }

    private static ProviderError Classify(int status, string body) =>
        ProviderErrorClassifier.ClassifyResponse(status, Encoding.UTF8.GetBytes(body), null);
}
