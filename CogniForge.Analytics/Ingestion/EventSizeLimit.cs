using System.Text.Json;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Overload;

namespace CogniForge.Analytics.Ingestion;

/// <summary>
/// Rejects an event above the maximum size, in bytes or values, before it is parsed, since a parsed value of two bytes
/// takes many times as much; then waits for the turn of its key.
/// </summary>
internal static class EventSizeLimit
{
    private const int BufferBytes = 4096;

    // Deeper nesting than any event may have; the parser reports it.
    private const int MaxDepth = 64;

    /// <summary>Limits the body, which is one event.</summary>
    public static TBuilder WithMaxEventSize<TBuilder>(this TBuilder endpoint, EventsOptions options)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.Add(builder =>
        {
            var next = builder.RequestDelegate!;
            builder.RequestDelegate = context => InvokeAsync(context, next, options);
        });
        return endpoint;
    }

    private static async Task InvokeAsync(HttpContext context, RequestDelegate next, EventsOptions options)
    {
        if (context.Request.ContentLength > options.MaxEventBytes)
        {
            await RefuseAsync(context, DescribeBytes(options));
            return;
        }

        if (context.Features.Get<BodyShare>() is not { } share)
        {
            await next(context); // there is no body, which binding reports
            return;
        }

        // Read before its turn, because a client may send slowly; published within it, because all share a channel.
        var body = await ReadAsync(context.Request.Body, options.MaxEventBytes + 1, context.RequestAborted);
        using var turn = await share.TakeTurnAsync(context.RequestAborted, waits: true);
        if (FindError(body, options) is { } rule)
        {
            await RefuseAsync(context, rule);
            return;
        }

        context.Request.Body = body;
        await next(context);
    }

    private static Task RefuseAsync(HttpContext context, string rule) =>
        Problems.Invalid([new("", rule)]).ExecuteAsync(context);

    private static string? FindError(MemoryStream body, EventsOptions options) =>
        body.Length > options.MaxEventBytes ? DescribeBytes(options)
        // Every value has a byte, and a comma or bracket.
        : body.Length / 2 > options.MaxEventValues
            && HasMoreValues(body.GetBuffer().AsSpan(0, (int)body.Length), options.MaxEventValues)
            ? $"must have at most {options.MaxEventValues} JSON values and names"
        : null;

    private static string DescribeBytes(EventsOptions options) => $"must have at most {options.MaxEventBytes} bytes";

    private static bool HasMoreValues(ReadOnlySpan<byte> utf8, int max)
    {
        var json = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        var values = 0;
        try
        {
            while (values <= max && json.Read())
            {
                values += json.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray ? 0 : 1;
            }
        }
        catch (JsonException)
        {
            // Parsing reports it.
        }

        return values > max;
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
