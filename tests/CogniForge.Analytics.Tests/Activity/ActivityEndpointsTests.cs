using System.Text;
using CogniForge.Messaging;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.Analytics.Tests.Activity;

/// <summary>The events of the other services, in their own format.</summary>
public class ActivityEndpointsTests(AnalyticsService service) : IClassFixture<AnalyticsService>
{
    private const string Completion = """
        {"id":"019a0000-0000-7000-8000-00000000000{0}","occurredAt":"2026-01-02T03:04:05.678+00:00","caller":"root",
        "provider":"mock","model":"mock","inputTokens":2,"outputTokens":4,"durationMs":1.5,"traceParent":null}
        """;

    private const string Inference = """
        {"id":"019a0000-0000-7000-8000-00000000000{0}","occurredAt":"2026-01-02T03:04:05.678+00:00",
        "model":"breast-cancer","version":1,"rows":3,"durationMs":1.5,"traceParent":null}
        """;

    [Fact]
    public async Task Activity_EventsPublishedTwice_CountsEachRecordOnce()
    {
        var before = await CompletionsAsync(); // of the other tests
        await PublishAsync("llm.completion.recorded.v1", $"[{Record(Completion, 1)},{Record(Completion, 2)}]");
        await PublishAsync("llm.completion.recorded.v1", $"[{Record(Completion, 2)},{Record(Completion, 3)}]");
        await PublishAsync("serving.inference.recorded.v1", $"[{Record(Inference, 1)}]");
        await PublishAsync("serving.inference.recorded.v1", $"[{Record(Inference, 1)},{Record(Inference, 2)}]");
        const string Promotion = """
            {"id":"019a0000-0000-7000-8000-000000000001","occurredAt":"2026-01-02T03:04:05.678+00:00",
            "model":"breast-cancer","version":1}
            """;
        await PublishAsync("serving.model.promoted.v1", Promotion);
        await PublishAsync("serving.model.promoted.v1", Promotion);
        const string Drift = """
            {"id":"019a0000-0000-7000-8000-000000000001","occurredAt":"2026-01-02T03:04:05.678+00:00",
            "model":"breast-cancer","version":null,"driftedShare":0.5,"columns":["radius"]}
            """;
        await PublishAsync("serving.drift.detected.v1", Drift);
        await PublishAsync("serving.drift.detected.v1", Drift);
        await PublishAsync("other.service.happened.v1", "{}");

        using var response = await service.Client.GetAsync("/api/v1/analytics/activity");
        Assert.Equal(
            $$"""{"events":0,"completions":{{before + 3}},"inferences":2,"promotions":1,"drifts":1}""",
            (await response.ReadAsync(200)).GetRawText()
        );
    }

    [Fact]
    public async Task Activity_FailedRequests_CountsOnlySuccesses()
    {
        var before = await CompletionsAsync();
        var succeeded = Record(Completion, 7)
            .Replace("\"traceParent\"", "\"status\":200,\"error\":null,\"traceParent\"", StringComparison.Ordinal);
        var failed = Record(Completion, 8)
            .Replace(
                "\"traceParent\"",
                "\"status\":429,\"error\":\"rate_limited\",\"traceParent\"",
                StringComparison.Ordinal
            );

        await PublishAsync("llm.completion.recorded.v1", $"[{failed}]");
        var cancelled = Record(Completion, 8)
            .Replace("\"traceParent\"", "\"status\":499,\"traceParent\"", StringComparison.Ordinal);
        await PublishAsync("llm.completion.recorded.v1", $"[{succeeded},{cancelled}]");

        Assert.Equal(before + 1, await CompletionsAsync());
    }

    [Theory]
    [InlineData("chat_completions", 1)]
    [InlineData("messages", 1)]
    [InlineData("responses", 1)]
    [InlineData("completions", 1)]
    [InlineData("embeddings", 0)]
    [InlineData("images", 0)]
    public async Task Activity_Protocols_CountsOnlyThoseOfText(string protocol, int counted)
    {
        var before = await CompletionsAsync();
        var entry = $$"""
            {"id":"{{Guid.CreateVersion7()}}","occurredAt":"2026-01-02T03:04:05.678+00:00","caller":"root",
            "provider":"mock","model":"mock","protocol":"{{protocol}}","inputTokens":2,"outputTokens":0}
            """;

        await PublishAsync("llm.completion.recorded.v1", $"[{entry}]");

        Assert.Equal(before + counted, await CompletionsAsync());
    }

    [Theory]
    [InlineData("llm.completion.recorded.v1", "{}")]
    [InlineData("serving.inference.recorded.v1", """[{"id":"no-uuid"}]""")]
    [InlineData("serving.model.promoted.v1", "null")]
    [InlineData("serving.drift.detected.v1", "null")]
    public async Task Activity_InvalidBody_IsRejected(string type, string body) =>
        await Assert.ThrowsAsync<EventRejectedException>(() => PublishAsync(type, body));

    private async Task<int> CompletionsAsync()
    {
        using var response = await service.Client.GetAsync("/api/v1/analytics/activity");
        return (await response.ReadAsync(200)).GetProperty("completions").GetInt32();
    }

    private static string Record(string record, int number) =>
        record.Replace("{0}", $"{number}", StringComparison.Ordinal);

    private Task PublishAsync(string type, string body) =>
        service
            .Services.GetRequiredService<IEventPublisher>()
            .PublishAsync(
                new(
                    Guid.CreateVersion7().ToString(),
                    type,
                    "/cogniforge/test",
                    TimeProvider.System.GetUtcNow(),
                    Encoding.UTF8.GetBytes(body),
                    null
                ),
                CancellationToken.None
            );
}
