using System.Diagnostics;

namespace CogniForge.ServiceDefaults.Telemetry;

/// <summary>What is traced, beyond the sampler.</summary>
public static class TracingExtensions
{
    /// <summary>Keeps requests for an endpoint, and what they cause, out of the traces.</summary>
    /// <param name="endpoint">The endpoint.</param>
    public static TBuilder DisableTracing<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new DisableTracingAttribute());

    /// <summary>Keeps a span out of what is exported, and all that follow from it, in this service and in those that it calls.</summary>
    internal static void StopRecording(this Activity span)
    {
        span.IsAllDataRequested = false;
        span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }
}
