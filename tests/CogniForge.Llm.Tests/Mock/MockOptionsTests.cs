using System.Text.Json;
using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Sdks;

namespace CogniForge.Llm.Tests.Mock;

/// <summary>The body field <c>mock</c> sets the mock's options.</summary>
public class MockOptionsTests(SdkGateway gateway) : IClassFixture<SdkGateway>
{
    [Theory]
    [InlineData(400, 400)]
    [InlineData(401, 502)]
    [InlineData(402, 502)]
    [InlineData(404, 404)]
    [InlineData(429, 429)]
    [InlineData(500, 502)]
    [InlineData(503, 503)]
    public async Task Failures_Status_IsMappedLikeProviderErrors(int status, int expected)
    {
        var pending = SendAsync($$"""{"failures":[{{status}}]}""");
        await gateway.Time.RunAsync(pending);
        using var response = await pending;
        await OpenAiError.ReadAsync(response, expected);
    }

    [Fact]
    public async Task Failures_Alternating_SucceedAfterRetry()
    {
        var pending = SendAsync("""{"failures":[500,0]}""");
        await gateway.Time.RunAsync(pending);
        using var response = await pending;
        await response.ReadAsync(200);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task LatencyAndRate_Set_DelayResponse(bool stream)
    {
        var before = gateway.Time.GetUtcNow();
        var pending = SendAsync("""{"latencyMs":2000,"tokensPerSecond":2}""", stream); // the response has four tokens
        await gateway.Time.RunAsync(pending);
        using var response = await pending;
        await response.Content.ReadAsStringAsync();
        Assert.InRange((gateway.Time.GetUtcNow() - before).TotalSeconds, 4, 20);
    }

    [Fact]
    public async Task Tool_Set_IsCalled()
    {
        using var response = await SendAsync(
            """
            {"tool":"g"},"tools":[{"type":"function","function":{"name":"f"}},
              {"type":"function","function":{"name":"g"}}]
            """
        );
        var call = (await response.ReadAsync(200))
            .GetProperty("choices")[0]
            .GetProperty("message")
            .GetProperty("tool_calls")[0]
            .GetProperty("function");
        Assert.Equal(("g", "{}"), (call.GetProperty("name").GetString(), call.GetProperty("arguments").GetString()));
    }

    [Theory]
    [InlineData("""{"latencyMs":-1}""", "latencyMs")]
    [InlineData("""{"latencyMs":1e300}""", "latencyMs")]
    [InlineData("""{"latencyMs":"soon"}""", "latencyMs")]
    [InlineData("""{"tokensPerSecond":-5}""", "tokensPerSecond")]
    [InlineData("""{"tokensPerSecond":1e-300}""", "tokensPerSecond")]
    [InlineData("""{"failures":null}""", "failures")]
    [InlineData("""{"failures":[200]}""", "failures")]
    [InlineData("""{"failures":[9999]}""", "failures")]
    [InlineData("""{"failures":503}""", "failures")]
    [InlineData("""{"tool":7}""", "tool")]
    [InlineData("""{"latency":7}""", "mock.latency is not a known option")]
    [InlineData("""7""", "mock")]
    public async Task Options_OutOfRange_ErrorNamesField(string options, string field)
    {
        using var response = await SendAsync(options);
        var error = await OpenAiError.ReadAsync(response, 400);
        Assert.Contains(field, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Choices_AboveOpenAILimit_ReturnsBadRequest()
    {
        using var response = await SendAsync("""{},"n":129""");
        Assert.Contains("n must", (await OpenAiError.ReadAsync(response, 400)).Message, StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> SendAsync(string options, bool stream = false) =>
        gateway.Client.PostAsync(
            "/v1/chat/completions",
            $$"""
            {"model":"{{Model()}}","messages":[{"role":"user","content":"Hello"}],
              "stream":{{JsonSerializer.Serialize(stream)}},"mock":{{options}}}
            """
        );

    // A new model each time, with its own circuit breaker and retry budget.
    private static string Model() => $"mock-{Guid.CreateVersion7():N}";
}
