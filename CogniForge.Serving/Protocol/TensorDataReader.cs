using System.Collections.Immutable;
using System.Text.Json;

namespace CogniForge.Serving.Protocol;

/// <summary>
/// Reads a tensor's row-major <c>data</c>: flat, or nested to the full depth of its shape (inference_rest.md, "Tensor
/// Data"). Rejects partly nested data.
/// </summary>
internal sealed class TensorDataReader<T>
{
    private readonly Datatype<T> _datatype;
    private readonly ImmutableArray<int> _shape;
    private readonly ImmutableArray<int> _sizes;
    private readonly int _count;
    private readonly int[] _at;
    private readonly T[] _elements;
    private int _filled;

    /// <summary>Prepares to read the array at <paramref name="cursor"/>.</summary>
    public TensorDataReader(Datatype<T> datatype, ImmutableArray<int> shape, ref readonly RequestCursor cursor)
    {
        _count = (int)Tensor.Product(shape);
        (_datatype, _shape) = (datatype, shape);
        _sizes = shape.Length > 1 && StartsNested(cursor.Json) ? shape : [_count];
        _at = new int[_sizes.Length];

        // An element takes at least two bytes ("1,"), so the body's length caps the allocation, whatever the shape
        // claims. A capped array is never filled: the body ends first.
        _elements = TensorArrays.Rent<T>((int)Math.Min(_count, (cursor.BytesLeft + 1) / 2));
    }

    /// <summary>Reads to the end of the array; null after the cursor has recorded an error.</summary>
    public T[]? Read(ref RequestCursor cursor) =>
        TryScan(ref cursor) || ReadArray(ref cursor, 0) ? _elements : null;

    private bool TryScan(ref RequestCursor cursor)
    {
        if (
            (typeof(T) != typeof(double) && typeof(T) != typeof(float))
            || _elements.Length < _count
            || !cursor.TryGetArray(out var utf8, out var start)
        )
        {
            return false;
        }

        var scanner = new FloatScanner<T>(utf8, start, _sizes, _elements.AsSpan(0, _count));
        if (!scanner.TryScan())
        {
            return false;
        }

        cursor.JumpToArrayEnd(scanner.Position);
        return true;
    }

    private bool ReadArray(ref RequestCursor cursor, int depth)
    {
        if (cursor.Json.TokenType != JsonTokenType.StartArray)
        {
            return Fail(ref cursor, depth, $"must be an array of {Expected(depth)}");
        }

        var size = _sizes[depth];
        var isInnermost = depth == _sizes.Length - 1;
        ref var at = ref _at[depth];
        for (at = 0; cursor.NextElement(); at++)
        {
            if (at == size)
            {
                return Fail(ref cursor, depth, $"must have {Expected(depth)}, has more");
            }

            if (!isInnermost)
            {
                if (!ReadArray(ref cursor, depth + 1))
                {
                    return false;
                }
            }
            else if (!_datatype.TryRead(ref cursor.Json, out _elements[_filled++]!))
            {
                return Fail(ref cursor, depth + 1, _datatype.Rule);
            }
        }

        return at == size || Fail(ref cursor, depth, $"must have {Expected(depth)}, has {at}");
    }

    private string Expected(int depth) =>
        $"{_sizes[depth]} {(_sizes[depth] == 1 ? "element" : "elements")} by shape {Tensor.Describe(_shape)}";

    private bool Fail(ref RequestCursor cursor, int depth, string rule) =>
        cursor.Fail($"data{string.Concat(_at.Take(depth).Select(index => $"[{index}]"))}", rule);

    private static bool StartsNested(Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.StartArray && json.Read() && json.TokenType == JsonTokenType.StartArray;
}
