using System.Buffers.Binary;

namespace CogniForge.Llm.RequestLog;

/// <summary>The ids of entries begin with the time, so their index also finds a time.</summary>
internal static class RequestLogIds
{
    /// <summary>Gets the lowest UUID version 7 of a millisecond (RFC 9562, section 5.7), or of a later one.</summary>
    public static Guid GetFirst(DateTimeOffset time, int laterMs = 0)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, (ulong)Math.Max(0, time.ToUnixTimeMilliseconds() + laterMs) << 16);
        return new(bytes, bigEndian: true);
    }
}
