using System.Text;
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
    [InlineData(404, "InvalidRequest")]
    [InlineData(408, "ServerError")]
    [InlineData(409, "ServerError")]
    [InlineData(413, "InvalidRequest")]
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
