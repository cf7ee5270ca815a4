namespace CogniForge.Llm.Providers;

/// <summary>Bounds one event of a stream, which is buffered until the blank line after it. Not thread-safe.</summary>
/// <param name="beforeBytes">Awaited before memory for so many more bytes is taken.</param>
internal sealed class EventSize(Func<long, CancellationToken, ValueTask> beforeBytes)
{
    private const int MaxUncountedBytes = 64 * 1024;

    private long _bytes;
    private long _counted = MaxUncountedBytes;

    /// <summary>Adds received bytes; waits before a large event needs more memory.</summary>
    /// <exception cref="ProviderException">The event is too large.</exception>
    public async ValueTask AddAsync(ReadOnlyMemory<byte> received, CancellationToken cancellationToken)
    {
        var end = FindEnd(received.Span);
        _bytes = end > 0 ? received.Length - end : _bytes + received.Length;
        if (_bytes > HttpProviderErrors.MaxEventBytes)
        {
            throw HttpProviderErrors.EventTooLarge;
        }

        // The parser's buffer doubles too.
        for (; _counted < _bytes; _counted *= 2)
        {
            await beforeBytes(_counted, cancellationToken);
        }
    }

    /// <summary>The index after the last blank line; 0: there is none.</summary>
    private static int FindEnd(ReadOnlySpan<byte> received) =>
        Math.Max(
            FindEnd(received, "\n\n"u8),
            Math.Max(FindEnd(received, "\r\n\r\n"u8), FindEnd(received, "\r\r"u8))
        );

    private static int FindEnd(ReadOnlySpan<byte> received, ReadOnlySpan<byte> blankLine) =>
        received.LastIndexOf(blankLine) is >= 0 and var index ? index + blankLine.Length : 0;
}
