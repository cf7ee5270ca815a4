using System.Buffers;
using System.IO.Pipelines;

namespace CogniForge.ServiceDefaults.Http;

/// <summary>
/// Read-only request body whose reads can be cancelled. Kestrel takes a read that its token has cancelled for one that
/// still runs: it logs "Reading is already in progress", and can neither skip the rest nor keep the connection.
/// </summary>
/// <param name="reader">Kestrel's reader of the body.</param>
internal sealed class CancellableBody(PipeReader reader) : Stream
{
    /// <summary>Whether the whole body has been read.</summary>
    public bool IsComplete { get; private set; }

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
        while (true)
        {
            ReadResult result;
            await using (
                cancellationToken.UnsafeRegister(static r => ((PipeReader)r!).CancelPendingRead(), reader)
            )
            {
                result = await reader.ReadAsync(CancellationToken.None);
            }

            var length = (int)Math.Min(result.Buffer.Length, buffer.Length);
            var data = result.Buffer.Slice(0, length);
            data.CopyTo(buffer.Span);
            IsComplete = result.IsCompleted && length == result.Buffer.Length;
            reader.AdvanceTo(data.End);
            if (length > 0 || result.IsCompleted || buffer.IsEmpty)
            {
                return length;
            }

            // A cancellation that came too late for one read meets the next one.
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
