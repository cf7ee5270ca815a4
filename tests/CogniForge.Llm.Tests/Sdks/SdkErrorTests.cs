using System.Text.Json;
using CogniForge.Llm.Tests.Fakes;

namespace CogniForge.Llm.Tests.Sdks;

/// <summary>What each SDK makes of each provider's errors.</summary>
public class SdkErrorTests(SdkGateway gateway) : IClassFixture<SdkGateway>
{
    public static TheoryData<Api, Api, bool> Ways => ConversationTests.Ways;

    [Theory, MemberData(nameof(Ways))]
    public async Task RateLimit_WithRetryAfter_IsTheClientsToo(Api client, Api provider, bool stream)
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
        Assert.Single(gateway.Provider(provider).Calls, c => c.Model == _model); // half a minute is more than the gateway waits itself
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task BadRequest_ByTheProvider_IsTheClientsFault(Api client, Api provider, bool stream)
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

    [Theory, MemberData(nameof(Ways))]
    public async Task Unauthorized_ByTheProvider_IsTheGatewaysFaultAndNotTheClients(
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

    [Theory, MemberData(nameof(Ways))]
    public async Task Overload_OfTheProvider_IsTheStatusThatTheSdkKnows(Api client, Api provider, bool stream)
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

    [Theory, MemberData(nameof(Ways))]
    public async Task UnknownModel_OfAClient_IsNotFound(Api client, Api provider, bool stream)
    {
        var error = await Record(
            client,
            () => gateway.Sdk(client).AskAsync($"nobody-{provider}", Question.Create("Hi"), stream)
        );
        Assert.Equal(404, error.Status);
        Assert.Contains("does not exist", error.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task UnknownKey_OfAClient_IsUnauthorized(Api client, Api provider, bool stream)
    {
        var error = await Record(
            client,
            () =>
                ISdk.Create(client, gateway.Address, "cf_unknown")
                    .AskAsync(gateway.Model(provider), Question.Create("Hi"), stream)
        );
        Assert.Equal(401, error.Status);
    }

    [Theory]
    [InlineData(Api.Anthropic, Api.OpenAI, true)]
    [InlineData(Api.Anthropic, Api.OpenAI, false)]
    [InlineData(Api.Anthropic, Api.Anthropic, true)]
    [InlineData(Api.Anthropic, Api.Anthropic, false)]
    public async Task Stream_BrokenInItsMiddle_ThrowsAfterWhatCame(Api client, Api provider, bool isTold)
    {
        var heard = "";
        var error = await Record(client, () => AskBrokenAsync(client, provider, isTold, piece => heard += piece));
        Assert.Equal("Half an", heard);
        Assert.Null(error.Status);
        Assert.Contains(isTold ? "overloaded_error" : "api_error", error.Message, StringComparison.Ordinal);
    }

    /// <summary>OpenAI's SDK for .NET passes over an error in a stream, where those for Python and JavaScript throw: what its users see is an answer without a reason to stop.</summary>
    [Theory]
    [InlineData(Api.OpenAI, true)]
    [InlineData(Api.OpenAI, false)]
    [InlineData(Api.Anthropic, true)]
    [InlineData(Api.Anthropic, false)]
    public async Task Stream_BrokenInItsMiddle_NeverLooksWholeToOpenAisSdk(Api provider, bool isTold)
    {
        var heard = "";
        var error = await Assert.ThrowsAnyAsync<Exception>(() =>
            AskBrokenAsync(Api.OpenAI, provider, isTold, piece => heard += piece)
        );
        Assert.Equal("Half an", heard);
        Assert.Contains("without a reason", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/chat/completions", Api.OpenAI, "x-request-id", 429, "true")]
    [InlineData("/v1/chat/completions", Api.Anthropic, "x-request-id", 429, "true")]
    [InlineData("/v1/messages", Api.OpenAI, "request-id", 429, "true")]
    [InlineData("/v1/messages", Api.Anthropic, "request-id", 429, "true")]
    [InlineData("/v1/chat/completions", Api.Anthropic, "x-request-id", 400, "false")]
    [InlineData("/v1/messages", Api.OpenAI, "request-id", 400, "false")]
    public async Task Headers_OfAnError_TellTheSdkWhenToRetry(
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
    public async Task BadRequest_OfOpenAI_KeepsItsFieldAndCode(string? param, string? code)
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
                var asked = gateway.Sdk(client).AskAsync(_model, Question.Create("Hi"), stream);
                await gateway.Time.RunAsync(asked); // retries wait by the gateway's clock
                await asked;
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

    /// <summary>Asks a provider whose stream tells of an error in its middle, or just ends there.</summary>
    private async Task AskBrokenAsync(Api client, Api provider, bool isTold, Action<string> heard)
    {
        gateway.Provider(provider).Behaviour = async call =>
        {
            await SdkGateway.BeginAsync(provider, call, "Half an");
            if (isTold && provider == Api.OpenAI)
            {
                await call.DataAsync(
                    """{"error":{"message":"The server is overloaded.","type":"server_error","param":null,"code":"server_is_overloaded"}}"""
                );
            }
            else if (isTold)
            {
                await call.WriteAsync(AnthropicWire.Frame(AnthropicWire.Error("overloaded_error", "Overloaded")));
            }
        };
        await gateway.Sdk(client).AskAsync(gateway.Model(provider), Question.Create("Hi"), stream: true, heard);
    }

    private async Task<SdkError> Record(Api client, Func<Task> act) =>
        gateway.Sdk(client).ErrorOf(await Assert.ThrowsAnyAsync<Exception>(act));
}
