using Microsoft.AspNetCore.Http.Features;

namespace CogniForge.ServiceDefaults.Telemetry;

/// <summary>Excludes requests whose endpoint has <see cref="DisableTracingAttribute"/> from traces.</summary>
internal sealed class DisableTracingMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (
            context.GetEndpoint()?.Metadata.GetMetadata<DisableTracingAttribute>() is { } disabled
            && (disabled.Handler is null || disabled.Handler == context.Request.Query["handler"])
        )
        {
            context.Features.Get<IHttpActivityFeature>()?.Activity.StopRecording();
        }

        return next(context);
    }
}
