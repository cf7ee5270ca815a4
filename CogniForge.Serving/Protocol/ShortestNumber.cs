using System.Buffers.Text;
using System.Collections.Immutable;
using System.Numerics;

namespace CogniForge.Serving.Protocol;

/// <summary>
/// Formats a number as the shortest decimal that reads back as the same number, with .NET's result in about a third of
/// its time.
/// </summary>
/// <remarks>
/// Source: Giulietti, <i>The Schubfach way to render doubles</i> (2021). Only for numbers of a usual size, whose powers
/// of ten are exact in 128 bits.
/// </remarks>
internal static class ShortestNumber
{
    /// <summary>The most bytes of a number: a sign, "0.000" and 17 digits.</summary>
    public const int MaxBytes = 23;

    private const int DoubleMantissaBits = 52;
    private const int SingleMantissaBits = 23;
    private const double MaxDouble = 1e15;
    private const float MaxSingle = 1e7f;
    private const double Min = 1e-4;
    private const int MaxPower = 20;

    // 10^0 to 10^20, shifted until the highest bit is set.
    private static readonly ImmutableArray<UInt128> _powers = [.. Enumerable.Range(0, MaxPower + 1).Select(Normalize)];

    /// <summary>Formats a number of at least 0.0001 and below 10^15, or 0; false for any other.</summary>
    /// <param name="value">The number.</param>
    /// <param name="utf8">At least <see cref="MaxBytes"/>.</param>
    /// <param name="written">The number of bytes written.</param>
    public static bool TryFormat(double value, Span<byte> utf8, out int written)
    {
        var bits = BitConverter.DoubleToUInt64Bits(value);
        return TryFormat(
            Math.Abs(value),
            MaxDouble,
            (bits & ((1UL << DoubleMantissaBits) - 1)),
            (int)(bits >> DoubleMantissaBits) & 0x7FF,
            (DoubleMantissaBits, 1023),
            double.IsNegative(value),
            utf8,
            out written
        );
    }

    /// <summary>Formats a number of at least 0.0001 and below 10^7, or 0; false for any other.</summary>
    /// <param name="value">The number.</param>
    /// <param name="utf8">At least <see cref="MaxBytes"/>.</param>
    /// <param name="written">The number of bytes written.</param>
    public static bool TryFormat(float value, Span<byte> utf8, out int written)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return TryFormat(
            Math.Abs(value),
            MaxSingle,
            bits & ((1u << SingleMantissaBits) - 1),
            (int)(bits >> SingleMantissaBits) & 0xFF,
            (SingleMantissaBits, 127),
            float.IsNegative(value),
            utf8,
            out written
        );
    }

    private static bool TryFormat(
        double magnitude,
        double max,
        ulong fraction,
        int biasedExponent,
        (int MantissaBits, int Bias) format,
        bool isNegative,
        Span<byte> utf8,
        out int written
    )
    {
        written = 0;
        if (!(magnitude < max) || (magnitude < Min && magnitude != 0))
        {
            return false;
        }

        if (isNegative)
        {
            utf8[written++] = (byte)'-';
        }

        var whole = (ulong)magnitude;
        if (whole == magnitude)
        {
            Utf8Formatter.TryFormat(whole, utf8[written..], out var count);
            written += count;
            return true;
        }

        var (digits, exponent) = ToDecimal(
            fraction | (1UL << format.MantissaBits),
            biasedExponent - format.Bias - format.MantissaBits,
            isPowerOfTwo: fraction == 0
        );
        written += Write(digits, exponent, utf8[written..]);
        return true;
    }

    /// <summary>The shortest decimal, as digits · 10^exponent, within half a step of mantissa · 2^exponent.</summary>
    private static (ulong Digits, int Exponent) ToDecimal(ulong mantissa, int exponent, bool isPowerOfTwo)
    {
        // Below a power of two, the next number is half as far away.
        var power = isPowerOfTwo ? FloorLog10OfThreeQuarters(exponent) : FloorLog10(exponent);
        var g = _powers[-power];
        var shift = exponent + FloorLog2OfPower10(-power) + 1;
        var odd = mantissa & 1;
        var lower = RoundToOdd(g, ((mantissa << 2) - (isPowerOfTwo ? 1UL : 2UL)) << shift) + odd;
        var value = RoundToOdd(g, mantissa << 2 << shift);
        var upper = RoundToOdd(g, ((mantissa << 2) + 2) << shift) - odd;

        var s = value >> 2;
        var tens = s / 10;
        var (isDownIn, isUpIn) = (lower <= 40 * tens, (40 * tens) + 40 <= upper);
        if (s >= 10 && isDownIn != isUpIn)
        {
            return (tens + (isUpIn ? 1UL : 0), power + 1);
        }

        (isDownIn, isUpIn) = (lower <= 4 * s, (4 * s) + 4 <= upper);
        var roundsUp = isDownIn != isUpIn ? isUpIn : value > (4 * s) + 2 || (value == (4 * s) + 2 && (s & 1) == 1);
        return (s + (roundsUp ? 1UL : 0), power);
    }

    // The high half of the product, whose last bit says whether anything but zeros follows.
    private static ulong RoundToOdd(UInt128 g, ulong factor)
    {
        var carry = Math.BigMul((ulong)g, factor, out _);
        var high = Math.BigMul((ulong)(g >> 64), factor, out var low);
        low += carry;
        high += low < carry ? 1UL : 0;
        return low > 1 ? high | 1 : high;
    }

    private static int Write(ulong digits, int exponent, Span<byte> utf8)
    {
        while (digits % 10 == 0)
        {
            (digits, exponent) = (digits / 10, exponent + 1);
        }

        Span<byte> text = stackalloc byte[MaxBytes];
        Utf8Formatter.TryFormat(digits, text, out var count);
        text = text[..count];
        var point = count + exponent;
        if (point > 0)
        {
            text[..point].CopyTo(utf8);
            utf8[point] = (byte)'.';
            text[point..].CopyTo(utf8[(point + 1)..]);
            return count + 1;
        }

        "0.000"u8.CopyTo(utf8);
        text.CopyTo(utf8[(2 - point)..]);
        return 2 - point + count;
    }

    private static UInt128 Normalize(int power)
    {
        var value = (UInt128)BigInteger.Pow(10, power);
        return value << (int)UInt128.LeadingZeroCount(value);
    }

    // Floors of e·log10(2), e·log10(2) + log10(3/4) and e·log2(10), in fixed-point arithmetic.
    private static int FloorLog10(int e) => (e * 1_262_611) >> 22;

    private static int FloorLog10OfThreeQuarters(int e) => ((e * 1_262_611) - 524_031) >> 22;

    private static int FloorLog2OfPower10(int e) => (e * 1_741_647) >> 19;
}
