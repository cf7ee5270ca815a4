using System.Net.Mime;
using Microsoft.AspNetCore.Http.Metadata;

namespace CogniForge.ServiceDefaults.Http;

/// <summary>
/// Responds to HEAD of an event stream without starting it: it would never end. Runs after authorization.
/// </summary>
internal sealed class HeadOfStreamMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (!HeadRequest.Is(context) || !IsEventStream(context.GetEndpoint()))
        {
            return next(context);
        }

        context.Response.ContentType = MediaTypeNames.Text.EventStream;
        return Task.CompletedTask;
    }

    private static bool IsEventStream(Endpoint? endpoint) =>
        endpoint
            ?.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>()
            .Any(r => r.ContentTypes.Contains(MediaTypeNames.Text.EventStream)) == true;
}
