using System.Diagnostics;

namespace CogniForge.ServiceDefaults.Telemetry;

/// <summary>Excludes requests and calls from traces.</summary>
public static class TracingExtensions
{
    /// <summary>Excludes an endpoint's requests from traces, with the calls that they make.</summary>
    /// <param name="endpoint">The endpoint.</param>
    public static TBuilder DisableTracing<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new DisableTracingAttribute());

    /// <summary>Keeps a span and its descendants, in other services too, from being exported.</summary>
    internal static void StopRecording(this Activity span)
    {
        span.IsAllDataRequested = false;
        span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }
}
