using System.Collections.Immutable;
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
        var isInnermost = depth == sizes.Length - 1;
        for (var i = 0; i < size; i++)
        {
            Position++;
            SkipSpace();
            if (isInnermost ? !TryScanNumber() : !TryScanArray(depth + 1))
            {
                return false;
            }

            if (!isInnermost)
            {
                Position++;
            }

            SkipSpace();
            if (!IsAt(i == size - 1 ? (byte)']' : (byte)','))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryScanNumber()
    {
        var rest = _utf8[Position..];
        if (!NumberScanner.TryScan(rest, out var value, out var length))
        {
            if (!rest.StartsWith("null"u8))
            {
                return false;
            }

            (value, length) = (double.NaN, 4);
        }

        if (typeof(T) == typeof(double))
        {
            Unsafe.As<T, double>(ref _elements[_filled++]) = value;
        }
        else
        {
            // Rounding twice is wrong only exactly between two singles, and where singles lose precision.
            var single = (float)value;
            if (NumberScanner.IsMidpoint(value))
            {
                single = float.Parse(
                    _utf8.Slice(Position, length),
                    System.Globalization.NumberStyles.Float,
                    System.Globalization.CultureInfo.InvariantCulture
                );
            }

            if (float.IsInfinity(single))
            {
                return false;
            }

            Unsafe.As<T, float>(ref _elements[_filled++]) = single;
        }

        Position += length;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool IsAt(byte value) => (uint)Position < (uint)_utf8.Length && _utf8[Position] == value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SkipSpace()
    {
        while ((uint)Position < (uint)_utf8.Length && _utf8[Position] is 0x20 or 0x0A or 0x0D or 0x09)
        {
            Position++;
        }
    }
}
