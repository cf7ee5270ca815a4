using System.Buffers;
using System.Text.Json;
using CogniForge.Llm.Protocols.Json;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Gateway.Requests;

/// <summary>
/// Reads a request's body as raw JSON. ASP.NET's binding would hold a large body three times, and millions of values of
/// two bytes would take twelve bytes each, or hundreds once they are translated.
/// </summary>
internal static class JsonBody
{
    private static readonly JsonDocumentOptions _options = new() { MaxDepth = StrictJson.MaxDepth };
    private static readonly byte[] _byteOrderMark = [0xEF, 0xBB, 0xBF];

    /// <summary>Reads the body.</summary>
    /// <returns>The body, or the error.</returns>
    /// <exception cref="BadHttpRequestException">The body is missing, too large, not JSON or malformed.</exception>
    public static async Task<(JsonElement Body, FieldError? Error)> ReadAsync(HttpContext context)
    {
        var request = context.Request;
        if (!request.HasJsonContentType())
        {
            throw new BadHttpRequestException("Not JSON.", StatusCodes.Status415UnsupportedMediaType);
        }

        var utf8 = await ReadBytesAsync(request, context.RequestAborted);
        if (utf8.IsEmpty)
        {
            throw new BadHttpRequestException("Empty: no body was provided.");
        }

        try
        {
            return HasTooManyTokens(utf8.Span)
                ? (default, new("", $"must have at most {RequestLimits.MaxJsonTokens} JSON values and names"))
                : (JsonDocument.Parse(utf8, _options).RootElement, null);
        }
        catch (JsonException malformed)
        {
            throw new BadHttpRequestException("Malformed.", malformed);
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBytesAsync(
        HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        var buffer = new ArrayBufferWriter<byte>((int)Math.Max(request.ContentLength ?? 0, 256));
        int read;
        do
        {
            // A known length fits exactly, so that the buffer never grows.
            var memory = request.ContentLength is { } length
                ? buffer.GetMemory()[..(int)(length - buffer.WrittenCount)]
                : buffer.GetMemory(4096);
            read = await request.Body.ReadAsync(memory, cancellationToken);
            buffer.Advance(read);
        } while (read > 0 && buffer.WrittenCount != request.ContentLength);

        var utf8 = buffer.WrittenMemory;
        return utf8.Span.StartsWith(_byteOrderMark) ? utf8[_byteOrderMark.Length..] : utf8;
    }

    private static bool HasTooManyTokens(ReadOnlySpan<byte> utf8)
    {
        // A value takes at least two bytes with its comma, so that small bodies need no count.
        if (utf8.Length <= RequestLimits.MaxJsonTokens)
        {
            return false;
        }

        var json = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = StrictJson.MaxDepth });
        var tokens = 0;
        while (tokens <= RequestLimits.MaxJsonTokens && json.Read())
        {
            tokens++;
        }

        return tokens > RequestLimits.MaxJsonTokens;
    }
}
