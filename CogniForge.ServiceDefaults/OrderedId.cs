using System.Buffers.Binary;

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
        var millisecond = time.ToUnixTimeMilliseconds();
        ArgumentOutOfRangeException.ThrowIfNegative(millisecond, nameof(time));
        var counter = Count(millisecond);

        // Not from the system's source of randomness, a system call per id: ids must be unique, not secret.
        var random = (ulong)Random.Shared.NextInt64();
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, ((ulong)millisecond << 16) | 0x7000 | (uint)counter);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], (1UL << 63) | (random & ~(1UL << 62)));
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
