namespace CogniForge.Llm.Providers;

/// <summary>
/// A read-only stream wrapper that signals before each read and after received bytes (also those of SSE comments),
/// caps the total length and that of events, and shows the first byte before it is read.
/// </summary>
internal sealed class ActivityStream(Stream inner, long maxBytes) : Stream
{
    private const int PeekBytes = 256;
    private static readonly byte[] _endOfEvent = "\n\n"u8.ToArray();
    private static readonly byte[] _byteOrderMarkAndSpace = [0xEF, 0xBB, 0xBF, .. " \t\r\n"u8];

    private readonly long _maxBytes = maxBytes;
    private long _remainingBytes = maxBytes;
    private ReadOnlyMemory<byte> _next;
    private bool _hasEnded;

    /// <summary>Awaited before each read from the inner stream.</summary>
    public Func<ValueTask>? BeforeRead { get; set; }

    /// <summary>Called after each read that received bytes.</summary>
    public Action? OnActivity { get; set; }

    /// <summary>Bounds the events of a stream; null: a whole body.</summary>
    public EventSize? EventSize { get; set; }

    /// <summary>Whether to append the blank line without which the last event would be dropped.</summary>
    public bool CompletesLastEvent { get; set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Returns the next byte without consuming it; null: the stream has ended.</summary>
    public async ValueTask<byte?> PeekAsync(CancellationToken cancellationToken)
    {
        if (_next.IsEmpty)
        {
            var buffer = new byte[PeekBytes];
            _next = buffer.AsMemory(0, await ReadInnerAsync(buffer, cancellationToken));
        }

        return _next.IsEmpty ? null : _next.Span[0];
    }

    /// <summary>
    /// Skips a byte order mark and white space, which mean nothing before JSON and events, then peeks.
    /// </summary>
    public async ValueTask<byte?> PeekTextAsync(CancellationToken cancellationToken)
    {
        while (await PeekAsync(cancellationToken) is not null)
        {
            _next = _next.TrimStart(_byteOrderMarkAndSpace);
            if (!_next.IsEmpty)
            {
                return _next.Span[0];
            }
        }

        return null;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_next.IsEmpty && !_hasEnded)
        {
            if (BeforeRead is not null)
            {
                await BeforeRead();
            }

            if (await ReadInnerAsync(buffer, cancellationToken) is > 0 and var read)
            {
                if (EventSize is not null)
                {
                    await EventSize.AddAsync(buffer[..read], cancellationToken);
                }

                return read;
            }

            _next = CompletesLastEvent ? _endOfEvent : default;
        }

        var next = _next[..Math.Min(_next.Length, buffer.Length)];
        next.CopyTo(buffer);
        _next = _next[next.Length..];
        return next.Length;
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

    private async ValueTask<int> ReadInnerAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        if ((_remainingBytes -= read) < 0)
        {
            throw HttpProviderErrors.TooLarge(_maxBytes);
        }

        if (read > 0)
        {
            OnActivity?.Invoke();
        }

        _hasEnded = read == 0;
        return read;
    }
}
