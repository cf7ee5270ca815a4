using System.Net;

namespace CogniForge.EndToEnd.Tests;

/// <summary>One request of each kind passes through the whole system.</summary>
[Trait("Category", "Servers")]
[Collection(DevelopmentCollection.Name)]
public sealed class ThinPathTests(DevelopmentSystem system)
{
    [Fact]
    public async Task Chat_Completed_ReachesAnalyticsOnce()
    {
        using var llm = system.Client("llm");
        using var analytics = system.Client("analytics");
        var before = await CompletionsAsync(analytics);

        using var response = await llm.PostAsync("/v1/chat/completions", Samples.Chat("Hello"));
        var completion = await Samples.ReadAsync(response);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("chat.completion", (string)completion["object"]!);
        Assert.Equal("You said: Hello", (string)completion["choices"]![0]!["message"]!["content"]!);
        Assert.Equal(before + 1, await Until.GetAsync(() => CompletionsAsync(analytics), n => n > before));
        Assert.Equal(await Samples.CountAsync(llm, "/api/v1/llm/requests/count"), await CompletionsAsync(analytics));
    }

    [Fact]
    public async Task Model_Registered_ScoresRowsAndPublishesPromotion()
    {
        using var serving = system.Client("serving");
        using var analytics = system.Client("analytics");
        var before = await Samples.GetAsync(analytics, "/api/v1/analytics/activity");

        using var registered = await serving.PostAsync("/api/v1/serving/models", Samples.Model("thin-path"));
        using var scored = await serving.PostAsync("/v2/models/thin-path/infer", Samples.Rows());
        var outputs = (await Samples.ReadAsync(scored))["outputs"]!;

        Assert.Equal(HttpStatusCode.Created, registered.StatusCode);
        Assert.Equal(HttpStatusCode.OK, scored.StatusCode);
        Assert.Equal("probability", (string)outputs[0]!["name"]!);
        Assert.All(outputs[0]!["data"]!.AsArray(), p => Assert.InRange((double)p!, 0, 1));
        await Until.GetAsync(
            () => Samples.GetAsync(analytics, "/api/v1/analytics/activity"),
            now =>
                (long)now["inferences"]! == (long)before["inferences"]! + 1
                && (long)now["promotions"]! == (long)before["promotions"]! + 1
        );
    }

    [Fact]
    public async Task Event_SentTwice_CountsOnce()
    {
        using var analytics = system.Client("analytics");

        foreach (var messageId in new[] { "m1", "m1", "m2" })
        {
            using var response = await analytics.PostAsync("/api/v1/events", Samples.Event("thin_path", messageId));
            Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        }

        await Until.GetAsync(
            () => Samples.CountAsync(analytics, "/api/v1/events/count?event=thin_path"),
            n => n == 2
        );
        Assert.Equal(0, await Samples.CountAsync(analytics, "/api/v1/events/count?event=never"));
    }

    [Fact]
    public async Task Dashboard_AllUp_ShowsEveryService()
    {
        using var web = system.Client("web");

        var dashboard = await Samples.GetAsync(web, "/api/v1/metrics/dashboard");
        var page = await web.GetStringAsync("/");

        Assert.All(
            new[] { "llm", "serving", "analytics" },
            service => Assert.Equal("ok", (string)dashboard[service]!["status"]!)
        );
        Assert.Contains("LLM gateway", page, StringComparison.Ordinal);
        Assert.Contains("completions served", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TestMessage_Sent_IsOneTraceToAnalytics()
    {
        using var web = system.Client("web");

        using var response = await web.PostAsync("/?handler=TestMessage", null);
        var html = await response.Content.ReadAsStringAsync();
        var traceId = html.Split("<code>")[1].Split("</code>")[0];

        Assert.Contains("You said: Hello from the overview page", html, StringComparison.Ordinal);
        string[] expected =
        [
            "analytics: process llm.completion.recorded.v1",
            "llm: chat mock",
            "llm: publish llm.completion.recorded.v1",
            "web: POST /",
        ];
        var spans = await Until.GetAsync(
            () => Task.FromResult(system.Telemetry.GetTrace(traceId)),
            trace => expected.All(e => trace.Any(s => $"{s.Service}: {s.Name}".StartsWith(e, StringComparison.Ordinal)))
        );
        Assert.Equal(["analytics", "llm", "web"], spans.Select(s => s.Service).Distinct().Order());
        Assert.Single(spans, s => s.ParentId.Length == 0);
    }

    [Fact]
    public async Task Page_Opened_IsOneTraceLinkedToClients()
    {
        const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";
        using var web = system.Client("web");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("traceparent", $"00-{TraceId}-00f067aa0ba902b7-01");

        using var response = await web.SendAsync(request);

        string[] expected =
        [
            "analytics: GET /api/v1/analytics/activity",
            "llm: GET /api/v1/llm/requests/count",
            "serving: GET /api/v1/serving/models/count",
            "web: GET /Index",
        ];
        var spans = await Until.GetAsync(
            () => Task.FromResult(system.Telemetry.GetLinkedTrace(TraceId)),
            trace => expected.All(e => trace.Any(s => $"{s.Service}: {s.Name}" == e))
        );
        Assert.Empty(system.Telemetry.GetTrace(TraceId));
        Assert.Equal(["analytics", "llm", "serving", "web"], spans.Select(s => s.Service).Distinct().Order());
    }

    private static async Task<long> CompletionsAsync(HttpClient analytics) =>
        (long)(await Samples.GetAsync(analytics, "/api/v1/analytics/activity"))["completions"]!;
}
