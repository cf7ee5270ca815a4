using System.Diagnostics;
using CogniForge.Llm.Configuration;
using CogniForge.Llm.Gateway.Requests;
using CogniForge.Llm.Limits;
using CogniForge.Llm.RequestLog;
using CogniForge.Llm.Telemetry;
using CogniForge.Messaging.Journal;
using CogniForge.ServiceDefaults;
using CogniForge.ServiceDefaults.ApiKeys;

namespace CogniForge.Llm.Gateway;

/// <summary>Creates the recorders of requests.</summary>
internal sealed class InferenceRecorderFactory(
    CurrentConfig config,
    Journal<RequestLogEntry> journal,
    GatewayTelemetry telemetry,
    TimeProvider time
)
{
    /// <summary>Creates the recorder of a request that has just arrived.</summary>
    /// <param name="request">The request.</param>
    /// <param name="operation">The name of its operation in the request log.</param>
    /// <param name="caller">The caller.</param>
    /// <param name="route">The route's name; null: none was found.</param>
    /// <param name="now">When it arrived.</param>
    public InferenceRecorder Create(
        InferenceRequest request,
        string operation,
        Caller caller,
        string? route,
        DateTimeOffset now
    )
    {
        var entry = new RequestLogEntry
        {
            Id = OrderedId.Create(now),
            OccurredAt = now,
            Caller = caller.Id,
            User = request.User,
            Project = ProjectTable.GetName(caller),
            Metadata = RequestMetadata.Combine(caller.Metadata, request.Metadata),
            Route = route,
            RequestedModel = request.Model,
            Model = request.Model,
            Protocol = operation,
            Streamed = request.Stream,

            // The span of the HTTP request: a consumer's span is a sibling of the provider's call, not its child.
            TraceParent = Activity.Current?.Id,
        };
        return new(request, entry, config.Value.Prices, journal, telemetry, time);
    }
}
