using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CogniForge.Serving.Protocol;

/// <summary>Scans one JSON number (RFC 8259, section 6).</summary>
internal static class NumberScanner
{
    private const ulong MaxExact = 1UL << 53;
    private const int MaxDigits = 19; // any such number fits 64 bits

    private static readonly double[] _powers =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <summary>Scans the number at the beginning; false if it is none, or not finite.</summary>
    /// <remarks>
    /// Up to 2^53 and 10^22, both factors are exact doubles, so that their product or quotient is rounded once
    /// (Clinger, <i>How to Read Floating Point Numbers Accurately</i>, 1990). Other numbers take .NET's parser.
    /// </remarks>
    public static bool TryScan(ReadOnlySpan<byte> utf8, out double value, out int length)
    {
        value = 0;
        length = 0;
        var isNegative = utf8.Length > 0 && utf8[0] == '-';
        var i = isNegative ? 1 : 0;
        if (TryScanBlock(utf8[i..], ref value, ref length))
        {
            value = isNegative ? -value : value;
            length += i;
            return true;
        }

        var whole = i;
        var mantissa = 0UL;
        i = Digits(utf8, i, ref mantissa);
        if (i == whole || (utf8[whole] == '0' && i > whole + 1))
        {
            return false;
        }

        var digits = i - whole;
        var exponent = 0;
        if (i < utf8.Length && utf8[i] == '.')
        {
            var fraction = i + 1;
            i = Digits(utf8, fraction, ref mantissa);
            exponent = fraction - i;
            digits -= exponent;
            if (exponent == 0)
            {
                return false;
            }
        }

        if (i < utf8.Length && (utf8[i] | 0x20) == 'e' && !TryExponent(utf8, ref i, ref exponent))
        {
            return false;
        }

        length = i;
        if (digits <= MaxDigits && mantissa <= MaxExact && exponent is >= -22 and <= 22)
        {
            value = exponent < 0 ? mantissa / _powers[-exponent] : mantissa * _powers[exponent];
            value = isNegative ? -value : value;
            return true;
        }

        return double.TryParse(utf8[..i], NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            && double.IsFinite(value);
    }

    /// <summary>Whether a double lies exactly between two singles, or beyond the normal singles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsMidpoint(double value)
    {
        const long Dropped = (1L << 29) - 1;
        const long Half = 1L << 28;
        const double MinNormal = 1.1754943508222875e-38;
        return (BitConverter.DoubleToInt64Bits(value) & Dropped) == Half
            || (value != 0 && Math.Abs(value) < MinNormal)
            || Math.Abs(value) > float.MaxValue;
    }

    /// <summary>
    /// Scans up to 15 digits without an exponent, all in one register; false: the number has another form.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryScanBlock(ReadOnlySpan<byte> utf8, ref double value, ref int length)
    {
        if (!Sse41.IsSupported || utf8.Length < Vector128<byte>.Count)
        {
            return false;
        }

        var text = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(utf8));
        var digits = text - Vector128.Create((byte)'0');
        var others = ~Vector128.LessThan(digits, Vector128.Create((byte)10)).ExtractMostSignificantBits();
        var whole = BitOperations.TrailingZeroCount(others);
        if (whole is 0 or > 14 || (utf8[0] == '0' && whole > 1))
        {
            return false;
        }

        var (end, fraction) = (whole, 0);
        if (utf8[whole] == '.')
        {
            fraction = BitOperations.TrailingZeroCount(others >> (whole + 1));
            end += fraction + 1;
        }

        // The register may end within the number, and a fraction without digits is none.
        if (end > 15 || (end == whole + 1) || (utf8[end] | 0x20) == 'e')
        {
            return false;
        }

        value = ToInteger(digits, whole, whole + fraction) / _powers[fraction];
        length = end;
        return true;
    }

    /// <summary>
    /// The integer of decimal digits, of which those after the first ones follow a byte that is left out.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double ToInteger(Vector128<byte> digits, int first, int count)
    {
        // To the right end, with zeros before; the signed index of the byte to leave out is `first`.
        var index = Vector128<sbyte>.Indices + Vector128.Create((sbyte)(count - 16));
        index -= Vector128.GreaterThanOrEqual(index, Vector128.Create((sbyte)first));
        var aligned = Ssse3.Shuffle(digits, index.AsByte());

        // Pairs of digits, of pairs and of those, each as the left one times a power of ten plus the right one.
        var twos = Ssse3.MultiplyAddAdjacent(aligned, Vector128.Create((short)0x010A).AsSByte());
        var fours = Sse2.MultiplyAddAdjacent(twos, Vector128.Create(0x0001_0064).AsInt16());
        var narrow = Sse41.PackUnsignedSaturate(fours, fours).AsInt16();
        var eights = Sse2.MultiplyAddAdjacent(narrow, Vector128.Create(0x0001_2710).AsInt16());
        return (eights[0] * 100_000_000L) + eights[1];
    }

    private static bool TryExponent(ReadOnlySpan<byte> utf8, ref int i, ref int exponent)
    {
        i++;
        var isNegative = i < utf8.Length && utf8[i] == '-';
        i += i < utf8.Length && utf8[i] is (byte)'-' or (byte)'+' ? 1 : 0;
        var start = i;
        var written = 0UL;
        i = Digits(utf8, i, ref written);

        // More digits mean leading zeros, or a number that is not finite or 0.
        if (i == start || i - start > 4)
        {
            return false;
        }

        exponent += isNegative ? -(int)written : (int)written;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Digits(ReadOnlySpan<byte> utf8, int i, ref ulong number)
    {
        for (; (uint)i < (uint)utf8.Length; i++)
        {
            var digit = (uint)utf8[i] - '0';
            if (digit > 9)
            {
                break;
            }

            number = (number * 10) + digit;
        }

        return i;
    }
}
