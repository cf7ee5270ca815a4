using System.Text.Json;
using CogniForge.Serving.Shadows;
using CogniForge.Serving.Tests.Models;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.Serving.Tests.Shadows;

public class ShadowTests(ServingService service) : IClassFixture<ServingService>
{
    private readonly RegistryClient _registry = new(service.Client);

    [Fact]
    public async Task Report_OtherCoefficients_HasDifferencesAndLatency()
    {
        await ShadowClient.RegisterAsync(service.Client, "linear", "[1]", "[1.5]");
        await _registry.ReadAsync(200, "PUT", "/linear/shadows/2", """{"sampleRate":1}""");
        await RefreshAsync();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("[2,4]", await ShadowClient.InferAsync(service.Client, "linear", "[2,4]"));
        }

        var report = await ShadowClient.ReadReportAsync(_registry, "linear", 3);
        Assert.Equal(0, report.GetProperty("failed").GetInt32());
        var output = Assert.Single(report.GetProperty("outputs").EnumerateArray());
        Assert.Equal(
            ("prediction", 6, 0.0, 1.5, 2.0),
            (
                output.GetProperty("name").GetString(),
                output.GetProperty("elements").GetInt32(),
                output.GetProperty("agreement").GetDouble(),
                output.GetProperty("meanDifference").GetDouble(),
                output.GetProperty("maxDifference").GetDouble()
            )
        );
        Assert.True(report.GetProperty("shadowLatencyMs").GetProperty("p99").GetDouble() >= 0);
    }

    [Fact]
    public async Task Report_ShadowRejectsInputs_CountsFailuresOnly()
    {
        await ShadowClient.RegisterAsync(service.Client, "rejecting", "[1]", "[1,2]");
        await _registry.ReadAsync(200, "PUT", "/rejecting/shadows/2", """{"sampleRate":1}""");
        await RefreshAsync();
        Assert.Equal("[2]", await ShadowClient.InferAsync(service.Client, "rejecting", "[2]"));
        var report = await ShadowClient.ReadReportAsync(_registry, "rejecting", 1);
        Assert.Equal(1, report.GetProperty("failed").GetInt32());
        Assert.Equal(JsonValueKind.Null, report.GetProperty("shadowLatencyMs").ValueKind);
    }

    [Fact]
    public async Task Infer_ShadowQueueFull_AnswersAndCountsDrops()
    {
        await using var small = new SmallQueueService();
        var registry = new RegistryClient(small.Client);
        await ShadowClient.RegisterAsync(small.Client, "full", "[1]", "[1]");
        await registry.ReadAsync(200, "PUT", "/full/shadows/2", """{"sampleRate":1}""");
        await small.Services.GetRequiredService<ShadowTable>().RefreshAsync(CancellationToken.None);

        // Beyond the memory for copies.
        var large = $"[{string.Join(',', Enumerable.Repeat("1", 1000))}]";
        Assert.Equal(large, await ShadowClient.InferAsync(small.Client, "full", large));
        Assert.Equal("[1]", await ShadowClient.InferAsync(small.Client, "full", "[1]"));
        var report = await ShadowClient.ReadReportAsync(registry, "full", 1);
        Assert.Equal(1, report.GetProperty("dropped").GetInt32());
    }

    [Fact]
    public async Task Shadow_SetAndDelete_IsAuditedWithETag()
    {
        await ShadowClient.RegisterAsync(service.Client, "kept", "[1]", "[1]");
        await _registry.ReadProblemAsync(404, "PUT", "/kept/shadows/3", "{}");
        await _registry.ReadAsync(200, "PUT", "/kept/shadows/2", """{"sampleRate":0.5}""");
        var tag = await _registry.GetETagAsync("/kept/shadows/2");
        using var changed = await _registry.SendAsync("PUT", "/kept/shadows/2", """{"sampleRate":0.1}""", tag);
        Assert.Equal(0.1, (await changed.ReadAsync(200)).GetProperty("sampleRate").GetDouble());
        using var stale = await _registry.SendAsync("DELETE", "/kept/shadows/2", ifMatch: tag);
        await Problem.ReadAsync(stale, 412);
        Assert.Single((await _registry.ReadAsync(200, "GET", "/kept/shadows")).GetProperty("items").EnumerateArray());
        await _registry.ReadAsync(204, "DELETE", "/kept/shadows/2");
        await _registry.ReadProblemAsync(404, "GET", "/kept/shadows/2");

        using var audit = await service.Client.GetAsync("/api/v1/serving/audit?resource=models/kept/shadows/2");
        Assert.Equal(
            ["DeleteShadow", "SetShadow", "SetShadow"],
            (await audit.ReadAsync(200))
                .GetProperty("items")
                .EnumerateArray()
                .Select(e => e.GetProperty("action").GetString())
        );
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1.1")]
    [InlineData("-1")]
    public async Task Shadow_SampleRateOutOfRange_IsRefused(string rate)
    {
        using var response = await _registry.SendAsync(
            "PUT",
            "/any/shadows/1",
            $$"""{"sampleRate":{{rate}}}"""
        );
        Assert.Equal(["sampleRate: must be above 0 and at most 1"], await Problem.ReadRulesAsync(response));
    }

    private Task RefreshAsync() =>
        service.Services.GetRequiredService<ShadowTable>().RefreshAsync(CancellationToken.None);

    private sealed class SmallQueueService()
        : ServingService(TimeProvider.System, ("Shadows:MaxQueuedBytes", "1024"));
}
