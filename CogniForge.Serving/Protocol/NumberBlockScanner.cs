using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CogniForge.Serving.Protocol;

/// <summary>
/// Scans numbers of up to 15 letters without an exponent that commas separate. One mask tells where all numbers in 32
/// bytes end, so that the processor works on several at once instead of waiting for the end of each.
/// </summary>
internal static class NumberBlockScanner
{
    private const int BlockBytes = 32;
    private const int MaxLength = 15;

    // A number that begins at the end of a block is read beyond it.
    private const int ReadBytes = BlockBytes + 1 + 16;

    private static readonly double[] _powers =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ];

    /// <summary>Scans up to the first number of another form, or the end.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="at">The index of the first number; afterwards that of the first that was not scanned.</param>
    /// <param name="elements">Receives the numbers.</param>
    /// <typeparam name="T"><see cref="double"/> or <see cref="float"/>.</typeparam>
    /// <returns>How many were scanned, each with its comma.</returns>
    public static int Scan<T>(ReadOnlySpan<byte> utf8, ref int at, Span<T> elements)
    {
        if (!Sse41.IsSupported)
        {
            return 0;
        }

        ref var text = ref Unsafe.Add(ref MemoryMarshal.GetReference(utf8), at);
        ref var powers = ref MemoryMarshal.GetArrayDataReference(_powers);
        ref var element = ref MemoryMarshal.GetReference(elements);
        nint position = 0; // in registers, unlike the parameter
        nint last = utf8.Length - at - ReadBytes;
        nint scanned = 0;
        while (scanned < elements.Length && position <= last)
        {
            ref var block = ref Unsafe.Add(ref text, position);
            var bytes = Vector256.LoadUnsafe(ref block);
            var signs = Vector256.Equals(bytes, Vector256.Create((byte)'-')).ExtractMostSignificantBits();
            var others = ~(FindDigits(bytes) | signs);
            nint start = 0;
            while (scanned < elements.Length)
            {
                nint point = BitOperations.TrailingZeroCount(others);
                var (end, rest) = (point, others & (others - 1));
                if (point < BlockBytes && Unsafe.Add(ref block, point) == '.')
                {
                    (end, rest) = (BitOperations.TrailingZeroCount(rest), rest & (rest - 1));
                }

                if (end >= BlockBytes)
                {
                    break;
                }

                var sign = (signs >> (int)start) & 1;
                var first = start + (nint)sign;
                var (whole, fraction) = (point - first, end == point ? 0 : end - point - 1);
                if (
                    whole <= 0
                    || end - first > MaxLength
                    || Unsafe.Add(ref block, end) != ','
                    || end == point + 1
                    || (signs != 0 && (signs & ((1u << (int)end) - (1u << (int)first))) != 0)
                    || (whole > 1 && Unsafe.Add(ref block, first) == '0')
                )
                {
                    at += (int)(position + start);
                    return (int)scanned;
                }

                var value =
                    ToInteger(ref Unsafe.Add(ref block, first), (int)whole, (int)(whole + fraction))
                    / Unsafe.Add(ref powers, fraction);
                if (!TryWrite(sign == 0 ? value : -value, out Unsafe.Add(ref element, scanned)))
                {
                    at += (int)(position + start);
                    return (int)scanned;
                }

                (scanned, others, start) = (scanned + 1, rest, end + 1);
            }

            if (start == 0)
            {
                break;
            }

            position += start;
        }

        at += (int)position;
        return (int)scanned;
    }

    /// <summary>A mask of the digits of a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint FindDigits(Vector256<byte> block)
    {
        // After the addition, digits are the greatest bytes. Without it, the comparison would take more instructions.
        var moved = block + Vector256.Create((byte)(sbyte.MaxValue - '9'));
        return Vector256
            .GreaterThan(moved.AsSByte(), Vector256.Create((sbyte)(sbyte.MaxValue - 10)))
            .ExtractMostSignificantBits();
    }

    /// <summary>The integer of decimal digits, of which those after the whole part follow a point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double ToInteger(ref byte text, int whole, int count)
    {
        // To the right end, with zeros before; the index of the byte to leave out is `whole`.
        var index = Vector128<sbyte>.Indices + Vector128.Create((sbyte)(count - 16));
        index -= Vector128.GreaterThanOrEqual(index, Vector128.Create((sbyte)whole));
        var digits = Vector128.LoadUnsafe(ref text) - Vector128.Create((byte)'0');
        var aligned = Ssse3.Shuffle(digits, index.AsByte());

        // Pairs of digits, of pairs and of those, each as the left one times a power of ten plus the right one.
        var twos = Ssse3.MultiplyAddAdjacent(aligned, Vector128.Create((short)0x010A).AsSByte());
        var fours = Sse2.MultiplyAddAdjacent(twos, Vector128.Create(0x0001_0064).AsInt16());
        var narrow = Sse41.PackUnsignedSaturate(fours, fours).AsInt16();
        var eights = Sse2.MultiplyAddAdjacent(narrow, Vector128.Create(0x0001_2710).AsInt16()).AsUInt64()[0];
        return (long)(((eights & uint.MaxValue) * 100_000_000) + (eights >> 32));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryWrite<T>(double value, out T element)
    {
        if (typeof(T) == typeof(double))
        {
            element = Unsafe.BitCast<double, T>(value);
            return true;
        }

        element = Unsafe.BitCast<float, T>((float)value);
        return !NumberScanner.IsMidpoint(value);
    }
}
