using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OpenTelemetry;
using OpenTelemetry.Instrumentation.Http;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace StandIns.Tests.Telemetry;

public sealed class HttpInstrumentationTests : IDisposable
{
    private readonly RecordedSpans _spans = new();

    public void Dispose() => _spans.Dispose();

    [Fact]
    public async Task Request_Sent_HasTheConventionsNameAndAttributesAndPropagates()
    {
        await using var server = await ServerAsync();
        using var tracing = Tracing();
        using var client = new HttpClient { BaseAddress = server.Address };
        Baggage.SetBaggage("tenant", "seven");
        var seen = await client.GetStringAsync(new Uri("headers?token=secret", UriKind.Relative));

        var span = await SpanAsync(server);
        Assert.Equal($"{span.Id} tenant=seven", seen);
        Assert.Equal(("GET", ActivityKind.Client, ActivityStatusCode.Unset), (span.DisplayName, span.Kind, span.Status));
        Assert.Equal(
            new Dictionary<string, object?>
            {
                ["http.request.method"] = "GET",
                ["http.response.status_code"] = 200,
                ["network.protocol.version"] = "1.1",
                ["server.address"] = "127.0.0.1",
                ["server.port"] = server.Address.Port,
                ["url.full"] = $"{server.Address}headers?*",
            },
            span.TagObjects.OrderBy(t => t.Key, StringComparer.Ordinal).ToDictionary(t => t.Key, t => t.Value));
    }

    [Fact]
    public async Task Response_NotFound_IsAnError()
    {
        await using var server = await ServerAsync();
        using var tracing = Tracing();
        using var client = new HttpClient { BaseAddress = server.Address };
        await client.GetAsync(new Uri("nowhere", UriKind.Relative));
        var span = await SpanAsync(server);
        Assert.Equal((ActivityStatusCode.Error, "404"), (span.Status, span.GetTagItem("error.type")));
    }

    [Fact]
    public async Task Request_Fails_RecordsTheException()
    {
        Exception? seen = null;
        using var tracing = Tracing(options =>
        {
            options.RecordException = true;
            options.EnrichWithException = (_, e) => seen = e;
        });
        using var client = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("http://127.0.0.1:1/refused")));

        var span = await _spans.OneAsync(s => s.GetTagItem("url.full") as string == "http://127.0.0.1:1/refused");
        Assert.Equal((ActivityStatusCode.Error, "connection_error"), (span.Status, span.GetTagItem("error.type")));
        Assert.Contains(span.Events, e => e.Name == "exception");
        Assert.IsType<HttpRequestException>(seen);
    }

    [Fact]
    public async Task FilterAndEnrich_SeeTheMessages()
    {
        await using var server = await ServerAsync();
        using var tracing = Tracing(options =>
        {
            options.FilterHttpRequestMessage = request => request.RequestUri!.AbsolutePath != "/headers";
            options.EnrichWithHttpRequestMessage = (span, request) => span.SetTag("asked", request.RequestUri!.AbsolutePath);
            options.EnrichWithHttpResponseMessage = (span, response) => span.SetTag("answered", (int)response.StatusCode);
        });
        using var client = new HttpClient { BaseAddress = server.Address };
        await client.GetAsync(new Uri("headers", UriKind.Relative));
        await client.GetAsync(new Uri("nowhere", UriKind.Relative));

        var span = await SpanAsync(server);
        Assert.Equal(("/nowhere", 404), (span.GetTagItem("asked"), span.GetTagItem("answered")));
        Assert.Single(_spans.All, s => s.GetTagItem("server.port") as int? == server.Address.Port);
    }

    [Fact]
    public async Task Metrics_OfARequest_AreCollected()
    {
        var metrics = new RecordedMetrics();
        using var provider = Sdk.CreateMeterProviderBuilder().AddHttpClientInstrumentation().AddReader(new BaseExportingMetricReader(metrics)).Build();
        await using var server = await ServerAsync();
        using var client = new HttpClient { BaseAddress = server.Address };
        await client.GetAsync(new Uri("headers", UriKind.Relative));
        provider.ForceFlush();
        Assert.Equal("System.Net.Http", metrics.MeterOf["http.client.request.duration"]);
    }

    private TracerProvider Tracing(Action<HttpClientTraceInstrumentationOptions>? configure = null) =>
        Sdk.CreateTracerProviderBuilder().AddHttpClientInstrumentation(configure).AddProcessor(_spans).Build();

    private Task<Activity> SpanAsync(LocalServer server) => _spans.OneAsync(s => s.GetTagItem("server.port") as int? == server.Address.Port);

    private static Task<LocalServer> ServerAsync() => LocalServer.StartAsync(app =>
        app.MapGet("/headers", (HttpRequest request) => $"{request.Headers.TraceParent} {request.Headers["baggage"]}"));
}
