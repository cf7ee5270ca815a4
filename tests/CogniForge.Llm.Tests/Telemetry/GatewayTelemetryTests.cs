using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using CogniForge.Llm.Tests.Fakes;

namespace CogniForge.Llm.Tests.Telemetry;

/// <summary>Spans and metrics named by OpenTelemetry's semantic conventions for generative AI.</summary>
public class GatewayTelemetryTests(LlmService service) : IClassFixture<LlmService>
{
    private const string Hello = """{"model":"mock","messages":[{"role":"user","content":"Hello"}]}""";

    [Fact]
    public async Task Metrics_AfterRequest_CountDurationAndTokens()
    {
        const string Labels =
            "gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"mock\",gen_ai_request_model=\"mock\"";
        string[] series =
        [
            $$"""gen_ai_client_operation_duration_seconds_count{{{Labels}}}""",
            $$"""gen_ai_client_token_usage_sum{{{Labels}},gen_ai_token_type="input"}""",
            $$"""gen_ai_client_token_usage_sum{{{Labels}},gen_ai_token_type="output"}""",
        ];

        var before = await ScrapeAsync(series);
        using var response = await service.Client.PostAsync("/v1/chat/completions", Hello);
        await response.ReadAsync(200);
        var after = await ScrapeAsync(series);

        Assert.Equal([1, 2, 4], after.Zip(before, (a, b) => a - b));
    }

    [Fact]
    public async Task Span_ProviderCall_IsChildWithUsage()
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
        using var response = await service.Client.PostAsync("/v1/chat/completions", Hello);
        await response.ReadAsync(200);

        // Other tests call the gateway concurrently.
        var span = Assert.Single(spans, s => s.IsOfRequestFrom(caller));
        Assert.Equal(("chat mock", ActivityKind.Client), (span.DisplayName, span.Kind));
        Assert.Equal("Microsoft.AspNetCore.Hosting.HttpRequestIn", span.Parent?.OperationName);
        var tags = span.TagObjects.ToDictionary(t => t.Key, t => t.Value);
        Assert.Equal("chat", tags["gen_ai.operation.name"]);
        Assert.Equal("mock", tags["gen_ai.provider.name"]);
        Assert.Equal("mock", tags["gen_ai.request.model"]);
        Assert.Equal("mock", tags["gen_ai.response.model"]);
        Assert.Equal(["stop"], (string[])tags["gen_ai.response.finish_reasons"]!);
        Assert.Equal((2, 4), (tags["gen_ai.usage.input_tokens"], tags["gen_ai.usage.output_tokens"]));
    }

    [Fact]
    public async Task Metrics_ManyModels_ShareOneSeries()
    {
        await using var host = new LlmService();
        for (var i = 0; i < 250; i++)
        {
            using var completion = await host.Client.PostAsync(
                "/v1/chat/completions",
                Hello.Replace("mock", $"mock-{i}", StringComparison.Ordinal)
            );
            await completion.ReadAsync(200);
        }

        using var response = await host.Client.GetAsync("/metrics");
        var text = await response.Content.ReadAsStringAsync();
        var models = text.Split('\n')
            .Where(l => l.StartsWith("gen_ai_client_operation_duration_seconds_count", StringComparison.Ordinal))
            .ToList();
        Assert.Equal(201, models.Count);
        Assert.Single(models, l => l.EndsWith("gen_ai_request_model=\"_OTHER\"} 50", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Metrics_UnknownModel_CountAsOther()
    {
        await using var gateway = await FaultyGateway.StartAsync();
        gateway.Primary.Behaviour = call => call.ErrorAsync(404, "not_found_error");
        Assert.Equal(404, (await gateway.SendAsync("primary/made-up", false)).Status);
        using var response = await gateway.Client.GetAsync("/metrics");
        var lines = (await response.Content.ReadAsStringAsync())
            .Split('\n')
            .Where(l => l.StartsWith("gen_ai_client", StringComparison.Ordinal))
            .ToList();
        Assert.NotEmpty(lines);
        Assert.DoesNotContain(lines, l => l.Contains("made-up", StringComparison.Ordinal));
    }

    private async Task<double[]> ScrapeAsync(string[] series)
    {
        using var response = await service.Client.GetAsync("/metrics");
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n');
        return
        [
            .. series.Select(s =>
                lines
                    .Where(l => l.StartsWith(s + " ", StringComparison.Ordinal))
                    .Sum(l => double.Parse(l[s.Length..], CultureInfo.InvariantCulture))
            ),
        ];
    }
}
