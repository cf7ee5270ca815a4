using System.Diagnostics;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.ServiceDefaults.Tests.Telemetry;

/// <summary>The trace context of a client is linked; only that of the system's own services is continued.</summary>
public sealed class ClientTraceTests
{
    private const string ClientTrace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string TraceParent = $"00-{ClientTrace}-00f067aa0ba902b7-00";

    [Theory]
    [InlineData(TestService.RootKey)]
    [InlineData("cf_unknown")]
    [InlineData(null)]
    public async Task Request_WithTraceparent_IsNewLinkedTrace(string? key)
    {
        using var spans = new ExportedSpans();
        await using (var service = await StartAsync(spans))
        {
            using var client = ExportedSpans.OutsideClient(service.Address);
            client.DefaultRequestHeaders.Add("traceparent", TraceParent);
            client.DefaultRequestHeaders.Add("tracestate", "vendor=value");
            client.DefaultRequestHeaders.Add("baggage", "tenant=other");
            if (key is not null)
            {
                client.DefaultRequestHeaders.Authorization = new("Bearer", key);
            }

            Assert.Equal("", await client.GetStringAsync(new Uri("/baggage", UriKind.Relative)));
        }

        var span = Assert.Single(spans.All);
        Assert.NotEqual(ClientTrace, span.TraceId.ToString());
        Assert.Equal(default, span.ParentSpanId);
        Assert.Null(span.TraceStateString);
        var link = Assert.Single(span.Links).Context;
        Assert.Equal(
            (ClientTrace, "00f067aa0ba902b7", "vendor=value"),
            (link.TraceId.ToString(), link.SpanId.ToString(), link.TraceState)
        );
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    public async Task Request_WithBrokenTraceparent_HasNoLink(string traceparent)
    {
        using var spans = new ExportedSpans();
        await using (var service = await StartAsync(spans))
        {
            using var client = ExportedSpans.OutsideClient(service.Address);
            client.DefaultRequestHeaders.Add("traceparent", traceparent);
            await client.GetStringAsync(new Uri("/baggage", UriKind.Relative));
        }

        Assert.Empty(Assert.Single(spans.All).Links);
    }

    [Theory]
    [InlineData(TestService.RootKey)]
    [InlineData(null)]
    public async Task Call_OfOwnService_ContinuesTrace(string? key)
    {
        using var spans = new ExportedSpans();
        await using (var callee = await StartAsync(spans))
        {
            // One service exports the spans of the process.
            await using var caller = await StartAsync(null, ("services:callee:http:0", callee.Address.ToString()));
            using var client = ExportedSpans.OutsideClient(caller.Address);
            if (key is not null)
            {
                client.DefaultRequestHeaders.Authorization = new("Bearer", key);
            }

            await client.GetStringAsync(new Uri("/forward", UriKind.Relative));
        }

        spans.AssertOneWholeTrace();
        Assert.Equal(2, spans.All.Count(s => s.Kind == ActivityKind.Server));
    }

    private static Task<TestService> StartAsync(
        ExportedSpans? spans,
        params (string Key, string Value)[] settings
    ) =>
        TestService.StartAsync(
            app =>
            {
                app.MapGet(
                        "/baggage",
                        () => string.Join(',', Activity.Current!.Baggage.Select(b => $"{b.Key}={b.Value}"))
                    )
                    .AllowAnonymous();
                app.MapGet(
                        "/forward",
                        (IHttpClientFactory clients) =>
                            clients.CreateClient("callee").GetStringAsync(new Uri("/baggage", UriKind.Relative))
                    )
                    .AllowAnonymous();
            },
            configure: builder =>
            {
                spans?.AddTo(builder.Services);
                builder.Services.AddHttpClient("callee").ForService("callee");
            },
            settings: settings
        );
}
