using CogniForge.Llm.Providers;

namespace CogniForge.Llm.PassThrough;

/// <summary>A client's body, streamed byte by byte as it arrives.</summary>
internal sealed class BodyContent : ClientContent
{
    private const int BufferBytes = 64 * 1024;
    private readonly Stream _body;
    private readonly long? _length;

    /// <param name="body">The body.</param>
    /// <param name="contentType">The client's content type.</param>
    /// <param name="length">The length of the body in bytes; null: unknown.</param>
    public BodyContent(Stream body, string? contentType, long? length)
    {
        (_body, _length) = (body, length);
        if (contentType is not null)
        {
            Headers.TryAddWithoutValidation("Content-Type", contentType);
        }
    }

    protected override Task WriteAsync(Stream stream, CancellationToken cancellationToken) =>
        _body.CopyToAsync(stream, BufferBytes, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = _length ?? 0;
        return _length is not null;
    }
}
