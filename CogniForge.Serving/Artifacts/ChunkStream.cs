namespace CogniForge.Serving.Artifacts;

/// <summary>Read-only stream of chunks that are fetched one after the other; only one is in memory.</summary>
/// <param name="length">The length of all chunks, in bytes.</param>
/// <param name="read">Reads a chunk by its number, from 0; null: it does not exist.</param>
internal sealed class ChunkStream(long length, Func<int, CancellationToken, Task<byte[]?>> read) : Stream
{
    private long _position;
    private int _next;
    private ReadOnlyMemory<byte> _chunk;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position == length || buffer.IsEmpty)
        {
            return 0;
        }

        if (_chunk.IsEmpty)
        {
            _chunk =
                await read(_next++, cancellationToken) ?? throw new IOException("The artefact was deleted meanwhile.");
        }

        var count = Math.Min(buffer.Length, _chunk.Length);
        _chunk[..count].CopyTo(buffer);
        _chunk = _chunk[count..];
        _position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
