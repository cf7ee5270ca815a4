namespace CogniForge.ServiceDefaults.Http;

/// <summary>Handles HEAD as GET; the server leaves out the body (RFC 9110, 9.3.2). Runs before routing.</summary>
internal sealed class HeadMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Request.Method = HttpMethods.Get;
            context.Features.Set(HeadRequest.Instance);
        }

        return next(context);
    }
}
