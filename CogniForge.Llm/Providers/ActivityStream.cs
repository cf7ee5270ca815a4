namespace CogniForge.Llm.Providers;

/// <summary>
/// A read-only stream wrapper that signals before each read and after received bytes (also those of SSE comments), and
/// caps the total length.
/// </summary>
internal sealed class ActivityStream(Stream inner, Func<ValueTask> beforeRead, Action onActivity, long maxBytes)
    : Stream
{
    private long _remainingBytes = maxBytes;

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
        await beforeRead();
        var read = await inner.ReadAsync(buffer, cancellationToken);
        if ((_remainingBytes -= read) < 0)
        {
            throw HttpProviderErrors.TooLarge;
        }

        if (read > 0)
        {
            onActivity();
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
