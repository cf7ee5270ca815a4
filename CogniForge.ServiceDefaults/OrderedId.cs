namespace CogniForge.ServiceDefaults;

/// <summary>
/// UUIDs of version 7 that keep their order within a millisecond too, so that lists by id are in the order of creation.
/// Thread-safe.
/// </summary>
/// <remarks>
/// Source: RFC 9562, section 6.2, method 1: the 12 bits after the time are a counter. The order holds within this
/// process, and for up to 4,096 ids a millisecond.
/// </remarks>
public static class OrderedId
{
    private const int MaxCounter = 0xFFF;

    private static readonly Lock _lock = new();
    private static long _millisecond;
    private static int _counter;

    /// <summary>Creates an id later than all that this process created for the same millisecond.</summary>
    /// <param name="time">The time of creation, from the Unix epoch on.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is before the Unix epoch.</exception>
    public static Guid Create(DateTimeOffset time)
    {
        Span<byte> bytes = stackalloc byte[16];
        Guid.CreateVersion7(time).TryWriteBytes(bytes, bigEndian: true, out _);
        var counter = Count(time.ToUnixTimeMilliseconds());
        bytes[6] = (byte)(0x70 | (counter >> 8));
        bytes[7] = (byte)counter;
        return new Guid(bytes, bigEndian: true);
    }

    private static int Count(long millisecond)
    {
        lock (_lock)
        {
            _counter = millisecond != _millisecond ? 0 : Math.Min(_counter + 1, MaxCounter);
            _millisecond = millisecond;
            return _counter;
        }
    }
}
