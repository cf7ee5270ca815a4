using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OpenTelemetry;
using OpenTelemetry.Instrumentation.AspNetCore;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace StandIns.Tests.Telemetry;

public sealed class AspNetCoreInstrumentationTests : IDisposable
{
    private readonly RecordedSpans _spans = new();

    public void Dispose() => _spans.Dispose();

    [Fact]
    public async Task Request_Answered_HasTheConventionsNameAndAttributes()
    {
        await using var server = await ServerAsync();
        using var tracing = Tracing();
        using var client = Client(server);
        await client.GetAsync(new Uri("things/7?token=secret&page=2", UriKind.Relative));

        var span = await SpanAsync(server);
        Assert.Equal(("GET /things/{id:int}", ActivityKind.Server, ActivityStatusCode.Unset), (span.DisplayName, span.Kind, span.Status));
        Assert.Equal(
            new Dictionary<string, object?>
            {
                ["http.request.method"] = "GET",
                ["http.response.status_code"] = 200,
                ["http.route"] = "/things/{id:int}",
                ["network.protocol.version"] = "1.1",
                ["server.address"] = "127.0.0.1",
                ["server.port"] = server.Address.Port,
                ["url.path"] = "/things/7",
                ["url.query"] = "?token=Redacted&page=Redacted",
                ["url.scheme"] = "http",
                ["user_agent.original"] = "tests/1",
            },
            span.TagObjects.OrderBy(t => t.Key, StringComparer.Ordinal).ToDictionary(t => t.Key, t => t.Value));
    }

    [Fact]
    public async Task Request_WithoutRoute_IsNamedByItsMethod()
    {
        await using var server = await ServerAsync();
        using var tracing = Tracing();
        using var client = Client(server);
        await client.GetAsync(new Uri("nowhere", UriKind.Relative));
        await client.SendAsync(new(new HttpMethod("BREW"), "pot"));

        var missing = await _spans.OneAsync(s => Port(s) == server.Address.Port && s.DisplayName == "GET");
        Assert.Equal((404, ActivityStatusCode.Unset), (missing.GetTagItem("http.response.status_code"), missing.Status));
        var unknown = await _spans.OneAsync(s => Port(s) == server.Address.Port && s.DisplayName == "HTTP");
        Assert.Equal(("_OTHER", "BREW"), (unknown.GetTagItem("http.request.method"), unknown.GetTagItem("http.request.method_original")));
    }

    [Fact]
    public async Task Request_Throws_IsAnErrorAndRecordsTheException()
    {
        await using var server = await ServerAsync();
        Exception? seen = null;
        using var tracing = Tracing(options =>
        {
            options.RecordException = true;
            options.EnrichWithException = (_, e) => seen = e;
        });
        using var client = Client(server);
        await client.GetAsync(new Uri("broken", UriKind.Relative));

        var span = await SpanAsync(server);
        Assert.Equal(
            (ActivityStatusCode.Error, 500, "System.NotSupportedException"),
            (span.Status, span.GetTagItem("http.response.status_code"), span.GetTagItem("error.type")));
        Assert.Equal("exception", Assert.Single(span.Events).Name);
        Assert.IsType<NotSupportedException>(seen);
    }

    [Fact]
    public async Task Filter_SaysNoOrThrows_KeepsTheRequestOutOfTheTraces()
    {
        await using var server = await ServerAsync();
        using var tracing = Tracing(options => options.Filter = context =>
            context.Request.Path == "/health" ? false : context.Request.Path == "/nowhere" ? throw new NotSupportedException() : true);
        using var client = Client(server);
        foreach (var path in new[] { "health", "nowhere", "things/1" })
            await client.GetAsync(new Uri(path, UriKind.Relative));

        await _spans.OneAsync(s => Port(s) == server.Address.Port && s.DisplayName == "GET /things/{id:int}");
        Assert.Single(_spans.All, s => Port(s) == server.Address.Port);
    }

    [Fact]
    public async Task Enrich_RequestAndResponse_AddsToTheSpanAndItsFaultsAreHarmless()
    {
        await using var server = await ServerAsync();
        using var tracing = Tracing(options =>
        {
            options.EnrichWithHttpRequest = (span, request) => span.SetTag("asked", request.Path.Value);
            options.EnrichWithHttpResponse = (span, response) =>
            {
                span.SetTag("answered", response.StatusCode);
                throw new NotSupportedException();
            };
        });
        using var client = Client(server);
        Assert.Equal("7", await client.GetStringAsync(new Uri("things/7", UriKind.Relative)));

        var span = await SpanAsync(server);
        Assert.Equal(("/things/7", 200), (span.GetTagItem("asked"), span.GetTagItem("answered")));
    }

    [Fact]
    public async Task Metrics_OfARequest_AreCollected()
    {
        var metrics = new RecordedMetrics();
        using var provider = Sdk.CreateMeterProviderBuilder().AddAspNetCoreInstrumentation().AddReader(new BaseExportingMetricReader(metrics)).Build();
        await using var server = await ServerAsync();
        using var client = Client(server);
        await client.GetAsync(new Uri("things/7", UriKind.Relative));
        await Until.TrueAsync(() => provider.ForceFlush() && metrics.MeterOf.ContainsKey("http.server.request.duration"));
        Assert.Equal("Microsoft.AspNetCore.Hosting", metrics.MeterOf["http.server.request.duration"]);
    }

    private TracerProvider Tracing(Action<AspNetCoreTraceInstrumentationOptions>? configure = null) =>
        Sdk.CreateTracerProviderBuilder().AddAspNetCoreInstrumentation(configure).AddProcessor(_spans).Build();

    private Task<Activity> SpanAsync(LocalServer server) => _spans.OneAsync(s => Port(s) == server.Address.Port);

    private static int? Port(Activity span) => span.Kind == ActivityKind.Server ? span.GetTagItem("server.port") as int? : null;

    private static HttpClient Client(LocalServer server) =>
        new() { BaseAddress = server.Address, DefaultRequestHeaders = { { "User-Agent", "tests/1" } } };

    private static Task<LocalServer> ServerAsync() => LocalServer.StartAsync(app =>
    {
        app.MapGet("/health", () => "up");
        app.MapGet("/things/{id:int}", (int id) => id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        app.MapGet("/broken", string () => throw new NotSupportedException());
    });
}
