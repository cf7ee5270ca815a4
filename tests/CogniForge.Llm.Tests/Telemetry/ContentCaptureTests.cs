using System.Collections.Concurrent;
using System.Diagnostics;

namespace CogniForge.Llm.Tests.Telemetry;

/// <summary>The span of a call contains message content only if content capture is enabled.</summary>
public class ContentCaptureTests(CapturingService capturing, LlmService quiet)
    : IClassFixture<CapturingService>,
        IClassFixture<LlmService>
{
    private const string Hello =
        """{"model":"mock","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hello"}]""";

    [Theory]
    [InlineData("}")]
    [InlineData(""","stream":true}""")]
    public async Task Chat_CaptureEnabled_IsInSpan(string more)
    {
        var tags = await TagsAsync(capturing.Client, "/v1/chat/completions", Hello + more);
        Assert.Equal(
            """
            [{"role":"system","parts":[{"type":"text","content":"Be brief."}]},
            {"role":"user","parts":[{"type":"text","content":"Hello"}]}]
            """.ReplaceLineEndings(""),
            tags["gen_ai.input.messages"]
        );
        Assert.Equal(
            """[{"role":"assistant","parts":[{"type":"text","content":"You said: Hello"}],"finish_reason":"stop"}]""",
            tags["gen_ai.output.messages"]
        );
        Assert.DoesNotContain("gen_ai.system_instructions", tags.Keys);
    }

    [Theory]
    [InlineData("/v1/messages", """{"model":"mock","max_tokens":100,"messages":[{"role":"user","content":"Hello"}]}""")]
    [InlineData("/v1/responses", """{"model":"mock","input":"Hello","stream":true}""")]
    public async Task Translated_CaptureEnabled_ShowsProviderMessages(string path, string body)
    {
        var tags = await TagsAsync(capturing.Client, path, body);
        Assert.Equal(
            """[{"role":"user","parts":[{"type":"text","content":"Hello"}]}]""",
            tags["gen_ai.input.messages"]
        );
        Assert.Equal(
            """[{"role":"assistant","parts":[{"type":"text","content":"You said: Hello"}],"finish_reason":"stop"}]""",
            tags["gen_ai.output.messages"]
        );
    }

    [Theory]
    [InlineData("false")]
    [InlineData("true")]
    public async Task Tools_CaptureEnabled_AreParts(string stream)
    {
        var tags = await TagsAsync(
            capturing.Client,
            "/v1/chat/completions",
            $$$"""
            {"model":"mock","stream":{{{stream}}},"messages":[{"role":"user","content":"weather"}],
             "tools":[{"type":"function","function":{"name":"weather",
               "parameters":{"type":"object","properties":{"city":{"type":"string"} } } } }]}
            """
        );
        Assert.Equal(
            """
            [{"role":"assistant","parts":[{"type":"tool_call","id":"call_0","name":"weather",
            "arguments":{"city":"weather"}}],"finish_reason":"tool_call"}]
            """.ReplaceLineEndings(""),
            tags["gen_ai.output.messages"]
        );
    }

    [Fact]
    public async Task Error_CaptureEnabled_HasOnlyInput()
    {
        var tags = await TagsAsync(
            capturing.Client,
            "/v1/chat/completions",
            """{"model":"mock","messages":[{"role":"user","content":"Hello"}],"mock":{"failures":[400]}}""",
            status: 400
        );
        Assert.Contains("gen_ai.input.messages", tags.Keys);
        Assert.DoesNotContain("gen_ai.output.messages", tags.Keys);
    }

    [Fact]
    public async Task ApiKey_CaptureEnabled_IsAbsentFromSpan()
    {
        var key = await capturing.CreateKeyAsync("llm", "llm:invoke");
        using var client = capturing.NewClient(key);
        var tags = await TagsAsync(client, "/v1/chat/completions", Hello + "}");
        Assert.DoesNotContain(tags.Values, v => v?.ToString()?.Contains(key, StringComparison.Ordinal) == true);
    }

    [Theory]
    [InlineData("}")]
    [InlineData(""","stream":true}""")]
    public async Task Chat_CaptureDisabled_HasNoContent(string more)
    {
        var tags = await TagsAsync(quiet.Client, "/v1/chat/completions", Hello + more);
        Assert.DoesNotContain(
            tags,
            t =>
                t.Key is "gen_ai.input.messages" or "gen_ai.output.messages" or "gen_ai.system_instructions"
                || t.Value?.ToString()?.Contains("Hello", StringComparison.Ordinal) == true
        );
    }

    [Fact]
    public async Task RequestLog_CaptureEnabled_HasNoContent()
    {
        using var response = await capturing.Client.PostAsync(
            "/v1/chat/completions",
            """{"model":"mock","messages":[{"role":"user","content":"Xylophone"}]}"""
        );
        var id = response.Headers.GetValues("x-request-id").Single();
        var log = "";
        await Until.EqualAsync(
            true,
            async () =>
                (
                    log = await capturing.Client.GetStringAsync(new Uri("/api/v1/llm/requests", UriKind.Relative))
                ).Contains(id, StringComparison.Ordinal)
        );
        Assert.DoesNotContain("Xylophone", log, StringComparison.Ordinal);
    }

    private static async Task<Dictionary<string, object?>> TagsAsync(
        HttpClient client,
        string path,
        string body,
        int status = 200
    )
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "CogniForge.Llm",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);

        using var caller = new Activity("the client's own").Start();
        using var response = await client.PostAsync(path, body);
        Assert.Equal(status, (int)response.StatusCode);
        await response.Content.ReadAsStringAsync();

        // The span ends with the call, possibly shortly after the client has received the response.
        await Until.EqualAsync(1, () => Task.FromResult(spans.Count(s => s.IsOfRequestFrom(caller))));
        return spans.Single(s => s.IsOfRequestFrom(caller)).TagObjects.ToDictionary(t => t.Key, t => t.Value);
    }
}
