using System.Buffers;
using System.Net;
using System.Text;

namespace CogniForge.Llm.PassThrough;

/// <summary>A client's body, streamed byte by byte as it arrives, except the name of the model.</summary>
internal sealed class FormContent : HttpContent
{
    private const int BufferBytes = 64 * 1024;
    private readonly Stream? _start;
    private readonly Stream _rest;
    private readonly MultipartModel? _model;
    private readonly byte[] _newModel;
    private readonly long? _length;

    /// <param name="start">What was read in search of the model; null: nothing.</param>
    /// <param name="rest">The rest of the body.</param>
    /// <param name="contentType">The client's content type, with the boundary of its form.</param>
    /// <param name="length">The length of the whole body in bytes; null: unknown.</param>
    /// <param name="model">The field that names the model; null: none.</param>
    /// <param name="newModel">The provider's name of the model.</param>
    public FormContent(
        Stream? start,
        Stream rest,
        string? contentType,
        long? length,
        MultipartModel? model,
        string newModel
    )
    {
        (_start, _rest, _model, _newModel) = (start, rest, model, Encoding.UTF8.GetBytes(newModel));
        _length = model is null ? length : length - model.Length + _newModel.Length;
        if (contentType is not null)
        {
            Headers.TryAddWithoutValidation("Content-Type", contentType);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream,
        TransportContext? context,
        CancellationToken cancellationToken
    )
    {
        if (_start is not null)
        {
            var length = _start.Length;
            _start.Position = 0;
            if (_model is not null)
            {
                await CopyAsync(_start, stream, _model.Offset, cancellationToken);
                await stream.WriteAsync(_newModel, cancellationToken);
                _start.Position += _model.Length;
            }

            await CopyAsync(_start, stream, length - _start.Position, cancellationToken);
        }

        await _rest.CopyToAsync(stream, BufferBytes, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _length ?? 0;
        return _length is not null;
    }

    private static async Task CopyAsync(Stream source, Stream target, long count, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            for (var read = 0; count > 0; count -= read)
            {
                read = await source.ReadAsync(
                    buffer.AsMemory(0, (int)Math.Min(buffer.Length, count)),
                    cancellationToken
                );
                await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
