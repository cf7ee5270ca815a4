using System.IO.Compression;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.ServiceDefaults.Http;

/// <summary>
/// Read-only body of unknown length: calls back with the number of bytes of each read, which may throw, and keeps the
/// fault of a malformed body as the feature <see cref="BodyFault"/>.
/// </summary>
internal sealed class ObservedBody(HttpContext context, Action<int> onRead) : Stream
{
    private readonly Stream _body = context.Request.Body;
    private readonly bool _isCompressed = context.Request.Body is GZipStream or ZLibStream or BrotliStream;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await ReadBodyAsync(buffer, cancellationToken);
        onRead(read);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async ValueTask<int> ReadBodyAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await _body.ReadAsync(buffer, cancellationToken);
        }
        catch (BadHttpRequestException e)
            when (e.StatusCode == StatusCodes.Status400BadRequest && context.Features.Get<BodyFault>() is null)
        {
            context.Features.Set(BodyFault.Incomplete(e));
            throw;
        }
        catch (Exception e) when (_isCompressed && (e is InvalidDataException or InvalidOperationException))
        {
            // .NET's decoder of Brotli throws the latter.
            context.Features.Set(BodyFault.NotCompressed);
            throw new BadHttpRequestException(BodyFault.NotCompressed.Rule, StatusCodes.Status400BadRequest, e);
        }
    }
}
