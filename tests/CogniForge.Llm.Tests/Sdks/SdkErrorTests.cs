using System.Text.Json;
using CogniForge.Llm.Tests.Fakes;

namespace CogniForge.Llm.Tests.Sdks;

/// <summary>Each provider's errors as each SDK reports them.</summary>
public class SdkErrorTests(SdkGateway gateway) : IClassFixture<SdkGateway>
{
    public static TheoryData<Api, Api, bool> Combinations => ConversationTests.Combinations;

    [Theory, MemberData(nameof(Combinations))]
    public async Task RateLimit_WithRetryAfter_ReachesClient(Api client, Api provider, bool stream)
    {
        var error = await FailAsync(
            client,
            provider,
            stream,
            429,
            provider == Api.OpenAI ? "rate_limit_exceeded" : "rate_limit_error",
            "Slow down please.",
            retryAfter: "30"
        );
        Assert.Equal(429, error.Status);
        Assert.Contains("Slow down please.", error.Message, StringComparison.Ordinal);
        Assert.Contains("rate_limit", error.Message, StringComparison.Ordinal);

        // The gateway does not retry: 30 seconds is longer than it waits.
        Assert.Single(gateway.Provider(provider).Calls, c => c.Model == _model);
    }

    [Theory, MemberData(nameof(Combinations))]
    public async Task BadRequest_FromProvider_ReturnsBadRequest(Api client, Api provider, bool stream)
    {
        var error = await FailAsync(
            client,
            provider,
            stream,
            400,
            "invalid_request_error",
            "messages.3: tool results without calls"
        );
        Assert.Equal(400, error.Status);
        Assert.Contains("messages.3: tool results without calls", error.Message, StringComparison.Ordinal);
        Assert.Contains("invalid_request_error", error.Message, StringComparison.Ordinal);
        Assert.Single(gateway.Provider(provider).Calls, c => c.Model == _model);
    }

    [Theory, MemberData(nameof(Combinations))]
    public async Task Unauthorized_FromProvider_ReturnsBadGateway(
        Api client,
        Api provider,
        bool stream
    )
    {
        var error = await FailAsync(
            client,
            provider,
            stream,
            401,
            provider == Api.OpenAI ? "invalid_api_key" : "authentication_error",
            "Incorrect API key provided: sk-ope**cret."
        );
        Assert.Equal(502, error.Status);
        Assert.Contains("does not accept the gateway's key", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-", error.Message, StringComparison.Ordinal);
        Assert.Single(gateway.Provider(provider).Calls, c => c.Model == _model);
    }

    [Theory, MemberData(nameof(Combinations))]
    public async Task Overload_FromProvider_ReturnsSdksStatus(Api client, Api provider, bool stream)
    {
        var error = await FailAsync(
            client,
            provider,
            stream,
            provider == Api.OpenAI ? 503 : 529,
            provider == Api.OpenAI ? "server_error" : "overloaded_error",
            "Overloaded"
        );
        Assert.Equal(client == Api.OpenAI ? 503 : 529, error.Status);
        Assert.Contains("is overloaded", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, gateway.Provider(provider).Calls.Count(c => c.Model == _model));
    }

    [Theory, MemberData(nameof(Combinations))]
    public async Task UnknownModel_FromClient_ReturnsNotFound(Api client, Api provider, bool stream)
    {
        var error = await Record(
            client,
            () => gateway.Sdk(client).SendAsync($"unknown-{provider}", ChatRequest.Create("Hi"), stream)
        );
        Assert.Equal(404, error.Status);
        Assert.Contains("does not exist", error.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Combinations))]
    public async Task UnknownKey_FromClient_ReturnsUnauthorized(Api client, Api provider, bool stream)
    {
        var error = await Record(
            client,
            () =>
                ISdk.Create(client, gateway.Address, "cf_unknown")
                    .SendAsync(gateway.Model(provider), ChatRequest.Create("Hi"), stream)
        );
        Assert.Equal(401, error.Status);
    }

    [Theory]
    [InlineData(Api.Anthropic, Api.OpenAI, true)]
    [InlineData(Api.Anthropic, Api.OpenAI, false)]
    [InlineData(Api.Anthropic, Api.Anthropic, true)]
    [InlineData(Api.Anthropic, Api.Anthropic, false)]
    public async Task Stream_Truncated_ThrowsAfterReceivedText(Api client, Api provider, bool hasErrorEvent)
    {
        var received = "";
        var error = await Record(
            client,
            () => SendTruncatedAsync(client, provider, hasErrorEvent, piece => received += piece)
        );
        Assert.Equal("Half an", received);
        Assert.Null(error.Status);
        Assert.Contains(hasErrorEvent ? "overloaded_error" : "api_error", error.Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// OpenAI's SDK for .NET ignores an error in a stream, where those for Python and JavaScript throw. Its users see a
    /// response without a finish reason.
    /// </summary>
    [Theory]
    [InlineData(Api.OpenAI, true)]
    [InlineData(Api.OpenAI, false)]
    [InlineData(Api.Anthropic, true)]
    [InlineData(Api.Anthropic, false)]
    public async Task Stream_TruncatedForOpenAI_LacksFinishReason(Api provider, bool hasErrorEvent)
    {
        var received = "";
        var error = await Assert.ThrowsAnyAsync<Exception>(() =>
            SendTruncatedAsync(Api.OpenAI, provider, hasErrorEvent, piece => received += piece)
        );
        Assert.Equal("Half an", received);
        Assert.Contains("without a finish reason", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/chat/completions", Api.OpenAI, "x-request-id", 429, "true")]
    [InlineData("/v1/chat/completions", Api.Anthropic, "x-request-id", 429, "true")]
    [InlineData("/v1/messages", Api.OpenAI, "request-id", 429, "true")]
    [InlineData("/v1/messages", Api.Anthropic, "request-id", 429, "true")]
    [InlineData("/v1/chat/completions", Api.Anthropic, "x-request-id", 400, "false")]
    [InlineData("/v1/messages", Api.OpenAI, "request-id", 400, "false")]
    public async Task Headers_OnError_ControlSdkRetries(
        string path,
        Api provider,
        string idHeader,
        int status,
        string retry
    )
    {
        Fail(provider, status, status == 429 ? "rate_limit_error" : "invalid_request_error", "No", "30");
        using var response = await gateway.Client.PostAsync(
            path,
            $$"""{"model":"{{gateway.Model(provider)}}","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}"""
        );
        await response.ReadAsync(status);
        string? Header(string name) => response.Headers.TryGetValues(name, out var values) ? values.Single() : null;
        Assert.Equal(
            (retry, "30", true),
            (Header("x-should-retry"), Header("Retry-After"), Guid.TryParse(Header(idHeader), out _))
        );
    }

    [Theory]
    [InlineData("messages[2].content", null)]
    [InlineData("temperature", "unsupported_value")]
    [InlineData(null, null)]
    public async Task BadRequest_FromOpenAI_KeepsFieldAndCode(string? param, string? code)
    {
        var error = new
        {
            message = "No.",
            type = "invalid_request_error",
            param,
            code,
        };
        gateway.Provider(Api.OpenAI).Behaviour = call => call.JsonAsync(400, JsonSerializer.Serialize(new { error }));
        using var response = await gateway.Client.PostAsync(
            "/v1/chat/completions",
            $$"""{"model":"{{gateway.Model(Api.OpenAI)}}","messages":[{"role":"user","content":"Hi"}]}"""
        );
        Assert.Equal(new("No.", "invalid_request_error", param, code), await OpenAiError.ReadAsync(response, 400));
    }

    private string _model = "";

    private async Task<SdkError> FailAsync(
        Api client,
        Api provider,
        bool stream,
        int status,
        string code,
        string message,
        string? retryAfter = null
    )
    {
        Fail(provider, status, code, message, retryAfter);
        _model = gateway.Model(provider);
        return await Record(
            client,
            async () =>
            {
                var pending = gateway.Sdk(client).SendAsync(_model, ChatRequest.Create("Hi"), stream);
                await gateway.Time.RunAsync(pending); // the gateway's clock delays retries
                await pending;
            }
        );
    }

    private void Fail(Api provider, int status, string code, string message, string? retryAfter) =>
        gateway.Provider(provider).Behaviour = call =>
        {
            if (retryAfter is not null)
            {
                call.SetHeader("Retry-After", retryAfter);
            }

            return provider == Api.OpenAI
                ? call.ErrorAsync(status, code, code, message)
                : AnthropicWire.ErrorAsync(call, status, code, message);
        };

    /// <summary>Calls a provider whose stream breaks off, with or without an error event.</summary>
    private async Task SendTruncatedAsync(Api client, Api provider, bool hasErrorEvent, Action<string> onText)
    {
        gateway.Provider(provider).Behaviour = async call =>
        {
            await SdkGateway.BeginAsync(provider, call, "Half an");
            if (hasErrorEvent && provider == Api.OpenAI)
            {
                await call.DataAsync(
                    """{"error":{"message":"The server is overloaded.","type":"server_error","param":null"""
                        + ""","code":"server_is_overloaded"}}"""
                );
            }
            else if (hasErrorEvent)
            {
                await call.WriteAsync(AnthropicWire.Frame(AnthropicWire.Error("overloaded_error", "Overloaded")));
            }
        };
        await gateway.Sdk(client).SendAsync(gateway.Model(provider), ChatRequest.Create("Hi"), stream: true, onText);
    }

    private async Task<SdkError> Record(Api client, Func<Task> act) =>
        gateway.Sdk(client).ReadError(await Assert.ThrowsAnyAsync<Exception>(act));
}
