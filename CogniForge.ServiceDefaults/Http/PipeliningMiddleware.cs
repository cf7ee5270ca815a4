namespace CogniForge.ServiceDefaults.Http;

/// <summary>
/// Lets connections take turns. A client may send thousands of requests without waiting (pipelining), and Kestrel would
/// serve them on one thread, one after the other, while other connections wait for a thread.
/// </summary>
internal sealed class PipeliningMiddleware(RequestDelegate next)
{
    // On average, a turn has as many requests: a change of threads costs several microseconds.
    private const int RequestsPerTurn = 8;

    public async Task InvokeAsync(HttpContext context)
    {
        if (Random.Shared.Next(RequestsPerTurn) == 0)
        {
            await Task.Yield();
        }

        await next(context);
    }
}
