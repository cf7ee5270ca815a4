using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace CogniForge.ServiceDefaults.Tests.Support;

/// <summary>The spans that services in this process export.</summary>
internal sealed class ExportedSpans : BaseExporter<Activity>
{
    private readonly ConcurrentQueue<Activity> _spans = new();

    /// <summary>All spans so far.</summary>
    public IReadOnlyList<Activity> All => [.. _spans];

    public override ExportResult Export(in Batch<Activity> batch)
    {
        foreach (var span in batch)
        {
            _spans.Enqueue(span);
        }

        return ExportResult.Success;
    }

    /// <summary>Makes a service export its spans here.</summary>
    public void AddTo(IServiceCollection services) =>
        services.ConfigureOpenTelemetryTracerProvider(tracing =>
            tracing.AddProcessor(new SimpleActivityExportProcessor(this))
        );

    /// <summary>A client like one of another process: without spans and trace headers.</summary>
    public static HttpClient OutsideClient(Uri address)
    {
#pragma warning disable CA2000 // The client disposes of its handler.
        return new(new SocketsHttpHandler { ActivityHeadersPropagator = null, AllowAutoRedirect = false })
        {
            BaseAddress = address,
        };
#pragma warning restore CA2000
    }

    /// <summary>Asserts that the spans form one trace, each with its parent.</summary>
    public void AssertOneWholeTrace()
    {
        var root = Assert.Single(All, s => s.ParentSpanId == default);
        Assert.Equal(ActivityKind.Server, root.Kind);
        Assert.All(All, s => Assert.Equal(root.TraceId, s.TraceId));
        Assert.All(All.Where(s => s != root), s => Assert.Contains(All, parent => parent.SpanId == s.ParentSpanId));
    }
}
