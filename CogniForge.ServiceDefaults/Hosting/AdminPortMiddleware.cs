using CogniForge.ServiceDefaults.ApiKeys;
using Microsoft.Extensions.Options;

namespace CogniForge.ServiceDefaults.Hosting;

/// <summary>
/// Answers 404 to a request for an endpoint with an admin scope, unless it arrives at the admin port. The port is that
/// of the connection, because a client chooses the <c>Host</c> header.
/// </summary>
internal sealed class AdminPortMiddleware(RequestDelegate next, IOptions<CogniForgeOptions> options)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (options.Value.AdminPort == context.Connection.LocalPort || !IsAdmin(context.GetEndpoint()))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static bool IsAdmin(Endpoint? endpoint) =>
        endpoint?.Metadata.GetOrderedMetadata<ScopeRequirement>().Any(s => Scopes.IsAdmin(s.Scope)) == true;
}
