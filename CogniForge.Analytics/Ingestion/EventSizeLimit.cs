using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Analytics.Ingestion;

/// <summary>
/// Rejects an event above the maximum size before it is parsed: a parsed value of two bytes takes many times as much.
/// </summary>
internal static class EventSizeLimit
{
    private const int BufferBytes = 4096;

    /// <summary>Limits the body, which is one event.</summary>
    public static TBuilder WithMaxEventBytes<TBuilder>(this TBuilder endpoint, int maxBytes)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.Add(builder =>
        {
            var next = builder.RequestDelegate!;
            builder.RequestDelegate = context => InvokeAsync(context, next, maxBytes);
        });
        return endpoint;
    }

    private static async Task InvokeAsync(HttpContext context, RequestDelegate next, int maxBytes)
    {
        var request = context.Request;
        if (request.ContentLength is null)
        {
            request.Body = await ReadAsync(request.Body, maxBytes + 1, context.RequestAborted);
        }

        var bytes = request.ContentLength ?? request.Body.Length;
        await (
            bytes > maxBytes
                ? Problems.Invalid([new("", $"must have at most {maxBytes} bytes")]).ExecuteAsync(context)
                : next(context)
        );
    }

    private static async Task<MemoryStream> ReadAsync(Stream body, int maxBytes, CancellationToken cancellationToken)
    {
        var start = new MemoryStream();
        var buffer = new byte[BufferBytes];
        int read;
        do
        {
            var wanted = Math.Min(buffer.Length, maxBytes - (int)start.Length);
            read = await body.ReadAsync(buffer.AsMemory(0, wanted), cancellationToken);
            start.Write(buffer, 0, read);
        } while (read > 0 && start.Length < maxBytes);

        start.Position = 0;
        return start;
    }
}
