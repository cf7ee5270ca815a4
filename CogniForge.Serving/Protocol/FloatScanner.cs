using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace CogniForge.Serving.Protocol;

/// <summary>
/// Scans JSON arrays of numbers, flat or nested, several times as fast as
/// <see cref="System.Text.Json.Utf8JsonReader"/>. It gives up on anything else, which that reader then reads again.
/// </summary>
/// <typeparam name="T"><see cref="double"/> or <see cref="float"/>.</typeparam>
internal ref struct FloatScanner<T>(ReadOnlySpan<byte> utf8, int start, ImmutableArray<int> sizes, Span<T> elements)
{
    private readonly ReadOnlySpan<byte> _utf8 = utf8;
    private readonly Span<T> _elements = elements;
    private int _filled;

    /// <summary>The index of the current byte; after success, that of the end of the array.</summary>
    public int Position { get; private set; } = start;

    /// <summary>Fills all elements from the array at the current byte; false: it has another form.</summary>
    public bool TryScan() => TryScanArray(0) && _filled == _elements.Length;

    private bool TryScanArray(int depth)
    {
        if (!IsAt((byte)'['))
        {
            return false;
        }

        var size = sizes[depth];
        if (depth == sizes.Length - 1)
        {
            return TryScanNumbers(size);
        }

        for (var i = 0; i < size; i++)
        {
            Position = SkipSpace(_utf8, Position + 1);
            if (!TryScanArray(depth + 1))
            {
                return false;
            }

            Position = SkipSpace(_utf8, Position + 1);
            if (!IsAt(i == size - 1 ? (byte)']' : (byte)','))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Scans from an opening bracket to the closing one.</summary>
    private bool TryScanNumbers(int size)
    {
        var utf8 = _utf8;
        var at = Position; // the JIT keeps locals in registers
        var elements = _elements.Slice(_filled, size);
        for (var i = 0; i < elements.Length; i++)
        {
            at++;
            i += NumberBlockScanner.Scan(utf8, ref at, elements[i..^1]); // the last one has no comma
            at = SkipSpace(utf8, at);
            if (!TryScanNumber(utf8[at..], out elements[i], out var length))
            {
                return false;
            }

            at = SkipSpace(utf8, at + length);
            if ((uint)at >= (uint)utf8.Length || utf8[at] != (i == elements.Length - 1 ? ']' : ','))
            {
                return false;
            }
        }

        _filled += size;
        Position = at;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryScanNumber(ReadOnlySpan<byte> utf8, out T element, out int length)
    {
        element = default!;
        if (!NumberScanner.TryScan(utf8, out var value, out length))
        {
            if (!utf8.StartsWith("null"u8))
            {
                return false;
            }

            (value, length) = (double.NaN, 4);
        }

        if (typeof(T) == typeof(double))
        {
            Unsafe.As<T, double>(ref element) = value;
            return true;
        }

        // Rounding twice is wrong only exactly between two singles, and where singles lose precision.
        var single = (float)value;
        if (NumberScanner.IsMidpoint(value))
        {
            single = float.Parse(utf8[..length], NumberStyles.Float, CultureInfo.InvariantCulture);
        }

        Unsafe.As<T, float>(ref element) = single;
        return !float.IsInfinity(single);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool IsAt(byte value) => (uint)Position < (uint)_utf8.Length && _utf8[Position] == value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int SkipSpace(ReadOnlySpan<byte> utf8, int at)
    {
        while ((uint)at < (uint)utf8.Length && utf8[at] is 0x20 or 0x0A or 0x0D or 0x09)
        {
            at++;
        }

        return at;
    }
}
