using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CogniForge.Serving.Protocol;

/// <summary>The elements as they lie in memory; all supported processors are little-endian.</summary>
internal sealed class FixedSizeCodec<T> : RawCodec<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public override int MinBytes => Unsafe.SizeOf<T>();

    /// <inheritdoc/>
    public override bool TryRead(ReadOnlySpan<byte> raw, Span<T> elements, out string rule)
    {
        var bytes = MemoryMarshal.AsBytes(elements);
        rule = $"must have {bytes.Length} bytes, has {raw.Length}";
        if (raw.Length != bytes.Length)
        {
            return false;
        }

        raw.CopyTo(bytes);
        if (typeof(T) == typeof(bool))
        {
            // A bool in memory must be 0 or 1.
            foreach (ref var value in bytes)
            {
                value = value == 0 ? (byte)0 : (byte)1;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override long GetBytes(ReadOnlySpan<T> elements) => (long)elements.Length * MinBytes;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<T> elements, IBufferWriter<byte> writer) =>
        writer.Write(MemoryMarshal.AsBytes(elements));
}
