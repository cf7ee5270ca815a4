using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace CogniForge.ServiceDefaults.Telemetry;

/// <summary>Links a client's span to the trace of its request, which is a new one.</summary>
internal sealed class ClientTraceMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (
            headers[ServiceTracePropagator.TraceParent] is [{ } traceParent]
            && context.Features.Get<IHttpActivityFeature>()?.Activity is { ParentSpanId: var parent } activity
            && parent == default
            && ActivityContext.TryParse(
                traceParent,
                headers[ServiceTracePropagator.TraceState],
                isRemote: true,
                out var client
            )
            && client.TraceId != default
            && client.SpanId != default
        )
        {
            activity.AddLink(new(client));
        }

        return next(context);
    }
}
