using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace StandIns.Tests.Telemetry;

public class HostingTests
{
    private static readonly ActivitySource _source = new("StandIns.Tests.Hosting");
    private static readonly Meter _meter = new("StandIns.Tests.Hosting");

    [Fact]
    public async Task Start_ServiceRegisteredEarlier_IsTraced()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        var spans = new RecordedSpans();
        builder.Services.AddHostedService<Spanning>();
        builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(_source.Name).AddProcessor(spans));
        using var host = builder.Build();
        await host.StartAsync();
        Assert.Contains(spans.All, s => s.DisplayName == "start");
    }

    [Fact]
    public void AddOpenTelemetry_Twice_AddsUp()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddOpenTelemetry().ConfigureResource(r => r.AddAttributes([new("a", 1)])).WithTracing();
        builder.Services.AddOpenTelemetry().ConfigureResource(r => r.AddAttributes([new("b", 2)])).WithTracing(t => t.AddSource("x"));
        using var host = builder.Build();
        var attributes = host.Services.GetRequiredService<TracerProvider>().GetResource().Attributes.Select(a => a.Key);
        Assert.Superset(new HashSet<string> { "a", "b" }, attributes.ToHashSet());
        Assert.Single(host.Services.GetServices<IHostedService>());
    }

    [Fact]
    public async Task UseOtlpExporter_OnShutdown_HasSentAllThreeSignals()
    {
        var paths = new ConcurrentDictionary<string, long>();
        await using var collector = await LocalServer.StartAsync(app => app.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            paths.AddOrUpdate(signal, body.Length, (_, sum) => sum + body.Length);
        }));

        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddOpenTelemetry(logs => logs.IncludeFormattedMessage = true);
        builder.Services.AddOpenTelemetry()
            .WithTracing(tracing => tracing.AddSource(_source.Name))
            .WithMetrics(metrics => metrics.AddMeter(_meter.Name))
            .UseOtlpExporter(OtlpExportProtocol.HttpProtobuf, collector.Address);
        var host = builder.Build();
        await host.StartAsync();
        _source.StartActivity("span")?.Dispose();
        _meter.CreateCounter<int>("counter").Add(1);
        host.Services.GetRequiredService<ILogger<HostingTests>>().Log(LogLevel.Warning, default, "log", null, (state, _) => state);
        await host.StopAsync();
        host.Dispose();

        Assert.Equal(["logs", "metrics", "traces"], paths.Where(p => p.Value > 0).Select(p => p.Key).Order());
    }

    [Fact]
    public void RuntimeInstrumentation_Collected_ReportsTheRuntime()
    {
        var metrics = new RecordedMetrics();
        using var provider = Sdk.CreateMeterProviderBuilder().AddRuntimeInstrumentation().AddReader(new BaseExportingMetricReader(metrics)).Build();
        provider.ForceFlush();
        Assert.Equal("System.Runtime", metrics.MeterOf["dotnet.gc.collections"]);
    }

    private sealed class Spanning : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            _source.StartActivity("start")?.Dispose();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
