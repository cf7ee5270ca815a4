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
    [InlineData(500, "prompt is too long", "ServerError")]
    [InlineData(400, "max_tokens must be at least 1", "InvalidRequest")]
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
    [InlineData("""{"detail":[{"loc":["body","model"],"msg":"No.","type":"missing"}]}""")]
    [InlineData("""{"errors":[{"message":"No."}]}""")]
    [InlineData("""{"object":"error","message":"No.","code":400}""")]
    [InlineData("""{"error":{"error":{"message":"No."}}}""")]
    [InlineData("""{"error":{"message":"{\"error\":{\"code\":400,\"message\":\"No.\"}}","code":400}}""")]
    [InlineData("No.")]
    public void ClassifyResponse_AnyShape_KeepsMessage(string body) =>
        Assert.Equal("No.", Classify(400, body).Message);

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
