using System.Buffers;
using System.Text.Json;
using CogniForge.Llm.Protocols.Json;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Overload;

namespace CogniForge.Llm.Gateway.Requests;

/// <summary>
/// Reads a request's body as raw JSON, once; ASP.NET's binding would hold a large body three times.
/// </summary>
internal static class JsonBody
{
    private static readonly JsonDocumentOptions _options = new() { MaxDepth = StrictJson.MaxDepth };
    private static readonly string _tokensRule =
        $"must have at most {RequestLimits.MaxJsonTokens} JSON values and names, "
        + $"{RequestLimits.MaxArgumentTokens} of them within tool arguments";
    private static readonly byte[] _byteOrderMark = [0xEF, 0xBB, 0xBF];

    /// <summary>Reads the body.</summary>
    /// <returns>The body, not parsed yet, or the error.</returns>
    /// <exception cref="BadHttpRequestException">The body is missing, too large or not JSON.</exception>
    public static async Task<(ReadOnlyMemory<byte> Utf8, FieldError? Error)> ReadAsync(HttpContext context)
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

        var tokens = JsonMemory.CountTokens(utf8.Span, RequestLimits.MaxJsonTokens);
        if (tokens > RequestLimits.MaxJsonTokens)
        {
            return (default, new("", _tokensRule));
        }

        context.RequestAborted.ThrowIfCancellationRequested();
        if (context.Features.Get<BodyShare>() is { } share)
        {
            await share.AddWorkAsync(tokens * JsonMemory.BytesPerToken, context.RequestAborted);
        }

        return (utf8, null);
    }

    /// <summary>Parses a body that was read.</summary>
    /// <exception cref="BadHttpRequestException">It is malformed.</exception>
    public static JsonElement Parse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            return JsonDocument.Parse(utf8, _options).RootElement;
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
}
