using CogniForge.Llm.Limits;
using CogniForge.Llm.Protocols;
using CogniForge.ServiceDefaults.ApiKeys;
using Microsoft.AspNetCore.Http.Features;

namespace CogniForge.Llm.Gateway;

/// <summary>Runs before the parameters of an endpoint are bound, and thus before the body is read and parsed.</summary>
internal static class RequestGate
{
    /// <summary>Takes the request from the rate of its key first; one that is refused later has used it up.</summary>
    public static RouteHandlerBuilder TakesRequestFirst(this RouteHandlerBuilder builder, Protocol protocol)
    {
        builder.Add(endpoint =>
        {
            var next = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = context => RunAsync(protocol, context, next);
        });
        return builder;
    }

    /// <summary>The permission that the request got.</summary>
    public static RequestPermit GetPermit(HttpContext context) => context.Features.GetRequiredFeature<RequestPermit>();

    private static async Task RunAsync(Protocol protocol, HttpContext context, RequestDelegate next)
    {
        var permit = await context
            .RequestServices.GetRequiredService<InferencePipeline>()
            .BeginAsync(
                protocol,
                context.Request.ContentLength,
                Caller.From(context.User),
                new ResponseWriter(context, protocol),
                context.RequestAborted
            );
        if (permit is not null)
        {
            context.Features.Set(permit);
            await next(context);
        }
    }
}
