using System.Globalization;
using System.Runtime.CompilerServices;

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
