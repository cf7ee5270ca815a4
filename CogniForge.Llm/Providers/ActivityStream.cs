namespace CogniForge.Llm.Providers;

/// <summary>A stream to read that says before it waits for more and when something comes, comments of an event stream too, and does not go on for ever.</summary>
internal sealed class ActivityStream(Stream inner, Func<ValueTask> waits, Action heard, long maxBytes) : Stream
{
    private long _left = maxBytes;

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
        await waits();
        var read = await inner.ReadAsync(buffer, cancellationToken);
        if ((_left -= read) < 0)
        {
            throw new IOException("The stream is longer than the gateway takes.");
        }

        if (read > 0)
        {
            heard();
        }

        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }
}
