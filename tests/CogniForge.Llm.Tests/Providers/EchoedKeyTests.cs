using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Servers;
using Microsoft.Extensions.Logging;

namespace CogniForge.Llm.Tests.Providers;

/// <summary>
/// A provider sends back the key that the gateway sent. No client, log, span or captured content shows it.
/// </summary>
public class EchoedKeyTests
{
    private const string Key = "sk-compat-0123+SECRET/456";

    [Theory]
    [InlineData("error 400", 400)]
    [InlineData("error 400 in Unicode escapes", 400)]
    [InlineData("error 400 with escaped slashes", 400)]
    [InlineData("error 429", 429)]
    [InlineData("error code", 400)]
    [InlineData("error text", 502)]
    [InlineData("error with status 200", 502)]
    [InlineData("response", 200)]
    [InlineData("response id and model", 200)]
    [InlineData("headers", 200)]
    public Task Response_KeyEchoed_IsMasked(string scenario, int status) =>
        AssertMaskedAsync(scenario, stream: false, status);

    [Theory]
    [InlineData("error 400", 400)]
    [InlineData("error first", 502)]
    [InlineData("error later", 200)]
    [InlineData("error split", 200)]
    [InlineData("event", 200)]
    [InlineData("event name", 200)]
    [InlineData("whole response", 200)]
    public Task Stream_KeyEchoed_IsMasked(string scenario, int status) =>
        AssertMaskedAsync(scenario, stream: true, status);

    [Fact]
    public async Task CountTokens_KeyEchoed_IsMasked()
    {
        await using var provider = await FakeProvider.StartAsync();
        provider.Behaviour = call =>
            call.JsonAsync(400, $$$"""{"error":{"type":"invalid_request_error","message":"x-api-key: {{{Key}}}"}}""");
        using var gateway = GatewayHost.Start(
            ("Providers:claude:Kind", "Anthropic"),
            ("Providers:claude:BaseUrl", provider.BaseUrl),
            ("Providers:claude:ApiKey", Key)
        );
        using var response = await gateway.Client.PostAsync(
            "/v1/messages/count_tokens",
            """{"model":"claude/c","messages":[{"role":"user","content":"Hi"}]}"""
        );
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Single(provider.Calls, c => c.Headers["x-api-key"] == Key);
        Assert.Contains("x-api-key: ***", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task AssertMaskedAsync(string scenario, bool stream, int status)
    {
        await using var provider = await FakeProvider.StartAsync();
        provider.Behaviour = call => RespondAsync(call, scenario);
        using var gateway = GatewayHost.Start(
            ("Providers:compat:BaseUrl", provider.BaseUrl),
            ("Providers:compat:ApiKey", Key),
            ("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "true")
        );
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);

        using var response = await gateway.Client.PostAsync(
            "/v1/chat/completions",
            """{"model":"compat/model","messages":[{"role":"user","content":"Hi"}],"stream":"""
                + $$"""{{(stream ? "true" : "false")}}}"""
        );

        var seen = new StringBuilder($"{response.Headers}{await response.Content.ReadAsStringAsync()}");
        Assert.Equal(status, (int)response.StatusCode);
        Assert.All(provider.Calls, c => Assert.Equal($"Bearer {Key}", c.Headers.Authorization.ToString()));
        Assert.Contains("***", seen.ToString(), StringComparison.Ordinal);
        seen.Append(await ReadLogAsync(gateway, response));
        seen.AppendJoin('\n', Enum.GetValues<LogLevel>().SelectMany(gateway.Logged));
        foreach (var span in spans)
        {
            seen.Append(span.StatusDescription).AppendJoin('\n', span.TagObjects).AppendJoin('\n', span.Events);
        }

        Assert.DoesNotContain("SECRET", seen.ToString(), StringComparison.Ordinal);
    }

    private static async Task RespondAsync(FakeCall call, string scenario)
    {
        switch (scenario)
        {
            case "error 400":
                await call.ErrorAsync(400, "invalid_request_error", null, $"Bad header Authorization: Bearer {Key}");
                break;
            case "error 400 in Unicode escapes":
                await call.ErrorAsync(400, "invalid_request_error", null, @"A bad key: sk-compat-0123\u002BSECRET/456");
                break;
            case "error 400 with escaped slashes":
                await call.ErrorAsync(400, "invalid_request_error", null, @"A bad key: sk-compat-0123+SECRET\/456");
                break;
            case "error 429":
                await call.ErrorAsync(429, "rate_limit_error", "rate_limit_exceeded", $"Too many for {Key}");
                break;
            case "error code":
                await call.ErrorAsync(400, "invalid_request_error", $"no_{Key}");
                break;
            case "error text":
                await call.JsonAsync(500, $$$"""{"error":"message {{{Key}}}"}""");
                break;
            case "error with status 200":
                await call.JsonAsync(200, $$$"""{"error":{"message":"Denied: {{{Key}}}"}}""");
                break;
            case "response" or "whole response":
                await call.JsonAsync(200, call.Completion($"My headers are {Key}."));
                break;
            case "response id and model":
                await call.JsonAsync(
                    200,
                    call.Completion("Hi")
                        .Replace("chatcmpl-fake", Key, StringComparison.Ordinal)
                        .Replace(call.Model, Key, StringComparison.Ordinal)
                );
                break;
            case "headers":
                call.SetHeader("x-request-id", $"req-{Key}");
                call.SetHeader("x-echo", Key);
                call.SetHeader("Set-Cookie", $"key={Key}");
                call.SetHeader("WWW-Authenticate", $"Bearer {Key}");
                await call.RespondAsync("Hello");
                break;
            case "error first":
                await call.DataAsync($$$"""{"error":{"message":"Denied: {{{Key}}}"}}""");
                break;
            case "error later" or "error split":
                await call.BeginAsync();
                await call.ChunkAsync("Hello");
                var error = $$$"""data: {"error":{"message":"Denied: {{{Key}}}"}}""" + "\n\n";
                var cut = scenario == "error split" ? error.IndexOf("SECRET", StringComparison.Ordinal) + 3 : 0;
                await call.WriteAsync(error[..cut]);
                await call.WriteAsync(error[cut..]);
                break;
            case "event":
                await call.RespondAsync($"My headers are {Key} today");
                break;
            case "event name":
                await call.BeginAsync();
                await call.WriteAsync($"event: {Key}\n");
                await call.ChunkAsync("Hello");
                await call.FinishAsync();
                await call.DoneAsync();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(scenario), scenario, null);
        }
    }

    private static async Task<string> ReadLogAsync(GatewayHost gateway, HttpResponseMessage response)
    {
        var id = response.Headers.GetValues("x-request-id").Single();
        var log = "";
        await Until.EqualAsync(
            true,
            async () =>
                (log = await gateway.Client.GetStringAsync(new Uri("/api/v1/llm/requests", UriKind.Relative))).Contains(
                    id,
                    StringComparison.Ordinal
                )
        );
        return log;
    }
}
