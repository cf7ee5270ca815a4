using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace CogniForge.Serving.Protocol;

/// <summary>BYTES: each element is its length in 4 bytes, then its bytes, which must be valid UTF-8.</summary>
internal sealed class BytesCodec : RawCodec<string>
{
    private static readonly UTF8Encoding _strict = new(false, throwOnInvalidBytes: true);

    /// <inheritdoc/>
    public override int MinBytes => sizeof(uint);

    /// <inheritdoc/>
    public override bool TryRead(ReadOnlySpan<byte> raw, Span<string> elements, out string rule)
    {
        rule = $"must have {elements.Length} elements, each a length in 4 bytes and its bytes in UTF-8";
        foreach (ref var element in elements)
        {
            if (
                !BinaryPrimitives.TryReadUInt32LittleEndian(raw, out var length)
                || length > raw.Length - sizeof(uint)
                || !TryDecode(raw.Slice(sizeof(uint), (int)length), out element)
            )
            {
                return false;
            }

            raw = raw[(sizeof(uint) + (int)length)..];
        }

        return raw.IsEmpty;
    }

    /// <inheritdoc/>
    public override long GetBytes(ReadOnlySpan<string> elements)
    {
        var bytes = (long)elements.Length * sizeof(uint);
        foreach (var element in elements)
        {
            bytes += Encoding.UTF8.GetByteCount(element);
        }

        return bytes;
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<string> elements, IBufferWriter<byte> writer)
    {
        // Many to a span, because a response takes a lock to advance.
        var span = Span<byte>.Empty;
        var written = 0;
        foreach (var element in elements)
        {
            var length = Encoding.UTF8.GetByteCount(element);
            if (span.Length - written < sizeof(uint) + length)
            {
                writer.Advance(written);
                written = 0;
                span = writer.GetSpan(sizeof(uint) + length);
            }

            BinaryPrimitives.WriteUInt32LittleEndian(span[written..], (uint)length);
            Encoding.UTF8.GetBytes(element, span[(written + sizeof(uint))..]);
            written += sizeof(uint) + length;
        }

        writer.Advance(written);
    }

    internal static bool TryDecode(ReadOnlySpan<byte> utf8, out string text)
    {
        try
        {
            text = _strict.GetString(utf8);
            return true;
        }
        catch (DecoderFallbackException)
        {
            text = "";
            return false;
        }
    }
}
