using System.IO.Compression;
using CogniForge.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace CogniForge.ServiceDefaults.Http;

/// <summary>
/// Decompresses request bodies, before what bounds them, so that the decompressed bytes count. The compressed ones have
/// the same maximum, because they may expand to nothing.
/// </summary>
internal sealed class CompressedBodyMiddleware(RequestDelegate next)
{
    private const string Supported = "gzip, deflate, br";

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var encoding = request.Headers.ContentEncoding.ToString();
        if (encoding is "" or "identity")
        {
            return next(context);
        }

        var max = context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize;
        if (request.ContentLength > max)
        {
            return next(context); // refused by its size
        }

        var received = 0L;
        var compressed = new ObservedBody(
            context,
            read =>
            {
                if ((received += read) > max)
                {
                    throw new BodyTooLargeException(max.Value);
                }
            }
        );
        Stream? decoder = encoding.ToLowerInvariant() switch
        {
            "gzip" or "x-gzip" => new GZipStream(compressed, CompressionMode.Decompress),
            "deflate" => new ZLibStream(compressed, CompressionMode.Decompress), // RFC 9110 §8.4.1.2
            "br" => new BrotliStream(compressed, CompressionMode.Decompress),
            _ => null,
        };
        if (decoder is null)
        {
            context.Response.Headers.AcceptEncoding = Supported; // RFC 9110 §15.5.16
            return Problems
                .Create(StatusCodes.Status415UnsupportedMediaType, $"'Content-Encoding' must be one of {Supported}.")
                .ExecuteAsync(context);
        }

        context.Response.RegisterForDispose(decoder);
        request.Headers.Remove(HeaderNames.ContentEncoding);
        request.ContentLength = null;
        request.Body = decoder;
        return next(context);
    }
}
