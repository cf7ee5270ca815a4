using System.IO.Compression;
using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Providers;

/// <summary>Decompresses bodies: some servers and proxies compress although the gateway accepts no encoding.</summary>
internal static class ContentDecoder
{
    private const int MaxEncodings = 3;

    /// <summary>Wraps a body in a stream that decompresses it.</summary>
    /// <param name="body">The body.</param>
    /// <param name="encodings">The values of <c>Content-Encoding</c>, in the order in which they were applied.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    /// <exception cref="ProviderException">An encoding is not supported.</exception>
    public static async ValueTask<Stream> DecodeAsync(
        Stream body,
        ICollection<string> encodings,
        CancellationToken cancellationToken
    )
    {
        if (encodings.Count > MaxEncodings)
        {
            throw Unsupported(string.Join(", ", encodings.Take(MaxEncodings)) + ", …");
        }

        foreach (var encoding in encodings.Reverse())
        {
            body = encoding.ToLowerInvariant() switch
            {
                "gzip" or "x-gzip" => await GunzipAsync(body, cancellationToken),
                "br" => new BrotliStream(body, CompressionMode.Decompress),
                "deflate" => await InflateAsync(body, cancellationToken),
                "identity" or "none" or "utf-8" => body,
                _ => throw Unsupported(encoding),
            };
        }

        return body;
    }

    /// <summary>Some proxies decompress a body and keep its header.</summary>
    private static async ValueTask<Stream> GunzipAsync(Stream body, CancellationToken cancellationToken)
    {
        var compressed = new ActivityStream(body, HttpProviderErrors.MaxResponseBytes);
        var isGzip = await compressed.PeekAsync(cancellationToken) == 0x1F;
        return isGzip ? new GZipStream(compressed, CompressionMode.Decompress) : compressed;
    }

    /// <summary>RFC 9110 §8.4.1.2: deflate is the zlib format, but some servers omit its header.</summary>
    private static async ValueTask<Stream> InflateAsync(Stream body, CancellationToken cancellationToken)
    {
        var compressed = new ActivityStream(body, HttpProviderErrors.MaxResponseBytes);
        var hasHeader = (await compressed.PeekAsync(cancellationToken) & 0x0F) == 8;
        return hasHeader
            ? new ZLibStream(compressed, CompressionMode.Decompress)
            : new DeflateStream(compressed, CompressionMode.Decompress);
    }

    private static ProviderException Unsupported(string encoding) =>
        new(new(ErrorCategory.InvalidResponse, $"the content encoding {encoding} is not supported"));
}
