namespace CogniForge.ServiceDefaults.Http;

/// <summary>
/// Lets connections take turns. A client may send thousands of requests without waiting (pipelining), and Kestrel would
/// serve them on one thread, one after the other, while other connections wait for a thread.
/// </summary>
internal sealed class PipeliningMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        await Task.Yield();
        await next(context);
    }
}
