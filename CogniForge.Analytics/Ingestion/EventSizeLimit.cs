using System.Text.Json;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Analytics.Ingestion;

/// <summary>
/// Rejects an event above the maximum size, in bytes or values, before it is parsed: a parsed value of two bytes takes
/// many times as much.
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
        var rule =
            context.Request.ContentLength > options.MaxEventBytes
                ? DescribeBytes(options)
                : await ReadAsync(context, options);
        await (rule is null ? next(context) : Problems.Invalid([new("", rule)]).ExecuteAsync(context));
    }

    /// <summary>Reads an event that may break a rule, and returns the broken rule; null: there is none.</summary>
    private static async Task<string?> ReadAsync(HttpContext context, EventsOptions options)
    {
        // Every value has a byte, and a comma or bracket.
        var request = context.Request;
        if (request.ContentLength / 2 <= options.MaxEventValues)
        {
            return null;
        }

        var body = await ReadAsync(request.Body, options.MaxEventBytes + 1, context.RequestAborted);
        request.Body = body;
        return body.Length > options.MaxEventBytes ? DescribeBytes(options)
            : HasMoreValues(body.GetBuffer().AsSpan(0, (int)body.Length), options.MaxEventValues)
                ? $"must have at most {options.MaxEventValues} JSON values and names"
            : null;
    }

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
