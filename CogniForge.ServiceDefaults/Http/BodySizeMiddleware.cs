using CogniForge.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.Features;

namespace CogniForge.ServiceDefaults.Http;

/// <summary>
/// Holds bodies to the endpoint's maximum size in place of Kestrel, which could not read the rest of a refused body.
/// </summary>
internal sealed class BodySizeMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (
            context.GetEndpoint() is null
            || context.Features.Get<IHttpMaxRequestBodySizeFeature>()
                is not { IsReadOnly: false, MaxRequestBodySize: { } max } limit
        )
        {
            return next(context);
        }

        if (context.Request.ContentLength > max)
        {
            return Problems
                .Create(StatusCodes.Status413PayloadTooLarge, BodyTooLargeException.Describe(max))
                .ExecuteAsync(context);
        }

        if (
            context.Request.ContentLength is null
            && context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true
        )
        {
            limit.MaxRequestBodySize = null;
            Limit(context, max);
        }

        return next(context);
    }

    private static void Limit(HttpContext context, long max)
    {
        var remaining = max;
        context.Request.Body = new ObservedBody(
            context,
            read =>
            {
                if ((remaining -= read) < 0)
                {
                    throw new BodyTooLargeException(max);
                }
            }
        );
    }
}
