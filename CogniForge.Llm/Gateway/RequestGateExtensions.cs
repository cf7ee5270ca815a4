using CogniForge.Llm.Limits;
using CogniForge.Llm.Protocols;
using CogniForge.ServiceDefaults.ApiKeys;
using Microsoft.AspNetCore.Http.Features;

namespace CogniForge.Llm.Gateway;

/// <summary>Runs the gate before the parameters of an endpoint are bound, and thus before the body is read.</summary>
internal static class RequestGateExtensions
{
    /// <summary>Takes the request from the rate of its key first; one that is refused later has used it up.</summary>
    public static RouteHandlerBuilder TakesRequestFirst(this RouteHandlerBuilder builder, Protocol protocol) =>
        builder.TakesRequestFirst(protocol, protocol.Name(), hasOwnRate: false);

    /// <summary>The same of an operation that has a rate of its own, as high as the key's.</summary>
    public static RouteHandlerBuilder TakesRequestOfOwnRateFirst(
        this RouteHandlerBuilder builder,
        Protocol protocol,
        string operation
    ) => builder.TakesRequestFirst(protocol, operation, hasOwnRate: true);

    /// <summary>The permission that the request got.</summary>
    public static RequestPermit GetPermit(this HttpContext context) =>
        context.Features.GetRequiredFeature<RequestPermit>();

    private static RouteHandlerBuilder TakesRequestFirst(
        this RouteHandlerBuilder builder,
        Protocol protocol,
        string operation,
        bool hasOwnRate
    )
    {
        builder.Add(endpoint =>
        {
            var next = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = context => RunAsync(protocol, operation, hasOwnRate, context, next);
        });
        return builder;
    }

    private static async Task RunAsync(
        Protocol protocol,
        string operation,
        bool hasOwnRate,
        HttpContext context,
        RequestDelegate next
    )
    {
        var (gate, caller) = (context.RequestServices.GetRequiredService<RequestGate>(), Caller.From(context.User));
        var permit = await gate.TakeAsync(
            protocol,
            operation,
            caller,
            context.Request.ContentLength,
            canBeCached: !hasOwnRate,
            new ResponseWriter(context, protocol),
            context.RequestAborted,
            hasOwnRate
        );
        if (permit is null)
        {
            return;
        }

        context.Features.Set(permit);
        try
        {
            await next(context);
        }
        finally
        {
            await gate.EndAsync(caller, permit);
        }
    }
}
