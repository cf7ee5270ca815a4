using System.Buffers;

namespace CogniForge.Serving.Protocol;

/// <summary>
/// Reads and writes elements as raw bytes: little-endian, row-major, without padding (Triton's binary tensor data
/// extension, and the raw contents of the gRPC protocol).
/// </summary>
internal abstract class RawCodec<T>
{
    /// <summary>Reads all elements; false if the bytes do not have the length of <paramref name="elements"/>.</summary>
    /// <param name="raw">The bytes.</param>
    /// <param name="elements">Receives the elements.</param>
    /// <param name="rule">The rule that the bytes must meet, phrased to follow their name.</param>
    public abstract bool TryRead(ReadOnlySpan<byte> raw, Span<T> elements, out string rule);

    /// <summary>The minimum number of bytes of an element.</summary>
    public abstract int MinBytes { get; }

    /// <summary>The number of bytes of some elements.</summary>
    public abstract long GetBytes(ReadOnlySpan<T> elements);

    /// <summary>Writes some elements.</summary>
    public abstract void Write(ReadOnlySpan<T> elements, IBufferWriter<byte> writer);
}
