using System.Text.Json;
using CogniForge.Llm.Tests.Sdks;

namespace CogniForge.Llm.Tests.Mock;

/// <summary>The mock does as the body's field <c>mock</c> says.</summary>
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
    public async Task Failures_OfAStatus_AreToldAsAProvidersAre(int status, int told)
    {
        var asked = AskAsync($$"""{"failures":[{{status}}]}""");
        await Fakes.Clock.RunAsync(gateway.Time, asked);
        using var response = await asked;
        await OpenAiError.ReadAsync(response, told);
    }

    [Fact]
    public async Task Failures_InTurn_AreMendedByARetry()
    {
        var asked = AskAsync("""{"failures":[500,0]}""");
        await Fakes.Clock.RunAsync(gateway.Time, asked);
        using var response = await asked;
        await response.ReadAsync(200);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task LatencyAndPace_TakeTheirTimeOfTheClock(bool stream)
    {
        var before = gateway.Time.GetUtcNow();
        var asked = AskAsync("""{"latencyMs":2000,"tokensPerSecond":2}""", stream); // "You said: Hello" has four tokens
        await Fakes.Clock.RunAsync(gateway.Time, asked);
        using var response = await asked;
        await response.Content.ReadAsStringAsync();
        Assert.InRange((gateway.Time.GetUtcNow() - before).TotalSeconds, 4, 20);
    }

    [Fact]
    public async Task Tool_Named_IsCalled()
    {
        using var response = await AskAsync(
            """{"tool":"g"},"tools":[{"type":"function","function":{"name":"f"}},{"type":"function","function":{"name":"g"}}]"""
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
    [InlineData("""7""", "mock")]
    public async Task Options_OutOfRange_AreNamed(string options, string field)
    {
        using var response = await AskAsync(options);
        var error = await OpenAiError.ReadAsync(response, 400);
        Assert.Contains(field, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Choices_MoreThanOpenAITakes_AreRefused()
    {
        using var response = await AskAsync("""{},"n":129""");
        Assert.Contains("n must", (await OpenAiError.ReadAsync(response, 400)).Message, StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> AskAsync(string options, bool stream = false) =>
        gateway.Client.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"{{Model()}}","messages":[{"role":"user","content":"Hello"}],"stream":{{JsonSerializer.Serialize(stream)}},"mock":{{options}}}"""
        );

    // Each with a circuit breaker and a retry budget of its own.
    private static string Model() => $"mock-{Guid.CreateVersion7():N}";
}
