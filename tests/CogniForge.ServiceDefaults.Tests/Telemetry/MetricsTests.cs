using System.Diagnostics.Metrics;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.ServiceDefaults.Tests.Telemetry;

public sealed class MetricsTests
{
    [Fact]
    public async Task Metrics_AfterRequests_IncludeHttpRuntimeProcessAndService()
    {
        await using var service = await TestService.StartAsync();
        var meter = service.Services.GetRequiredService<ServiceDescription>().Meter;
        meter
            .CreateCounter<long>("cogniforge.things", "{thing}", "Things")
            .Add(2, new KeyValuePair<string, object?>("error.type", "a \"b\"\n\\"));
        meter.CreateHistogram<double>("cogniforge.thing.duration", "s", "Duration of things").Record(0.25);

        // Like two journals of a service.
        meter.CreateObservableGauge("cogniforge.thing.size", () => Size("a", 1), "By", "Size of things");
        meter.CreateObservableGauge("cogniforge.thing.size", () => Size("b", 2), "By", "Size of things");
        using var client = service.Client();
        using var request = await client.GetAsync("/api/v1/whoami");

        var metrics = await ReadAsync(client);

        Assert.Contains("http_server_request_duration_seconds", metrics.Families);
        Assert.Contains("http_client_request_duration_seconds", metrics.Families);
        Assert.Contains("kestrel_active_connections", metrics.Families);
        Assert.Contains("dotnet_gc_collections_total", metrics.Families);
        Assert.Contains("process_memory_usage_bytes", metrics.Families);
        Assert.Contains("process_cpu_time_seconds_total", metrics.Families);
        Assert.Equal(2, metrics.Series["""cogniforge_things_total{error_type="a \"b\"\n\\"}"""]);
        Assert.Equal(1, metrics.Series["cogniforge_thing_duration_seconds_count"]);
        Assert.Equal(
            (1, 2),
            (
                metrics.Series["""cogniforge_thing_size_bytes{thing="a"}"""],
                metrics.Series["""cogniforge_thing_size_bytes{thing="b"}"""]
            )
        );

        static Measurement<long> Size(string thing, long bytes) =>
            new(bytes, new KeyValuePair<string, object?>("thing", thing));
    }

    /// <summary>The runtime keeps each meter, and all that its gauges refer to, until it is disposed.</summary>
    [Fact]
    public async Task Dispose_Host_DisposesMeter()
    {
        var service = await TestService.StartAsync();
        var meter = service.Services.GetRequiredService<ServiceDescription>().Meter;
        meter.CreateObservableGauge("cogniforge.thing.size", () => 1);
        Assert.NotEqual(0, CountInstruments(meter));

        await service.DisposeAsync();

        Assert.Equal(0, CountInstruments(meter));
    }

    [Fact]
    public async Task Metrics_MoreThanTwoThousandSeries_MergesTheRest()
    {
        const int Users = 2_500;
        await using var service = await TestService.StartAsync();
        var counter = service
            .Services.GetRequiredService<ServiceDescription>()
            .Meter.CreateCounter<long>("cogniforge.calls");
        for (var i = 0; i < Users; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("user", i));
        }

        using var client = service.Client();
        var calls = (await ReadAsync(client))
            .Series.Where(s => s.Key.StartsWith("cogniforge_calls_total{", StringComparison.Ordinal))
            .ToList();

        Assert.InRange(calls.Count, 1, 2_001);
        Assert.Equal(Users, calls.Sum(c => c.Value));
        Assert.Equal(
            Users - calls.Count + 1,
            calls.Single(c => c.Key.Contains("otel_metric_overflow=\"true\"", StringComparison.Ordinal)).Value
        );
    }

    [Fact]
    public async Task Metrics_ReadAgainAtOnce_AreCurrent()
    {
        await using var service = await TestService.StartAsync();
        var counter = service
            .Services.GetRequiredService<ServiceDescription>()
            .Meter.CreateCounter<long>("cogniforge.now");
        using var client = service.Client();
        for (var i = 1; i <= 3; i++)
        {
            counter.Add(1);
            Assert.Equal(i, (await ReadAsync(client)).Series["cogniforge_now_total"]);
        }
    }

    private static int CountInstruments(Meter meter)
    {
        var count = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) => count += instrument.Meter == meter ? 1 : 0,
        };
        listener.Start();
        return count;
    }

    private static async Task<PrometheusText> ReadAsync(HttpClient client)
    {
        using var response = await client.GetAsync("/metrics");
        Assert.StartsWith(
            "text/plain; version=0.0.4",
            response.Content.Headers.ContentType?.ToString(),
            StringComparison.Ordinal
        );
        return PrometheusText.Parse(await response.Content.ReadAsStringAsync());
    }
}
