using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace CogniForge.Serving.Protocol;

/// <summary>Reads the protocol's <c>$inference_request_input</c> object.</summary>
internal static class TensorReader
{
    /// <summary>The maximum number of dimensions: NumPy's limit before version 2.</summary>
    /// <remarks>It keeps nested data within the JSON depth limit, and messages short.</remarks>
    public const int MaxDimensions = 32;

    /// <summary>Reads a tensor with its members in any order, and deducts its elements from those left.</summary>
    public static bool TryRead(ref RequestCursor cursor, [NotNullWhen(true)] out Tensor? tensor)
    {
        tensor = null;
        string? name = null;
        Datatype? datatype = null;
        ImmutableArray<int>? shape = null;
        JsonElement? parameters = null;
        Array? data = null;
        var isPassed = false;
        var passed = cursor.Mark;

        if (!cursor.IsObject())
        {
            return false;
        }

        while (cursor.NextMember(out var member))
        {
            var start = cursor.Mark;
            var read = member switch
            {
                "name" => cursor.IsFirst(name is null, member) && cursor.ReadText(member, out name),
                "datatype" => cursor.IsFirst(datatype is null, member) && ReadDatatype(ref cursor, out datatype),
                "shape" => cursor.IsFirst(shape is null, member) && ReadShape(ref cursor, out shape),
                "parameters" => cursor.IsFirst(parameters is null, member)
                    && (cursor.IsNull || cursor.ReadParameters(member, out parameters)),
                "data" => cursor.IsFirst(data is null && !isPassed, member)
                    && (
                        datatype is null || shape is null
                            ? cursor.Skip()
                            : ReadData(ref cursor, datatype, shape.Value, out data)
                    ),
                _ => cursor.Skip(),
            };
            if (!read)
            {
                return false;
            }

            if (member == "data" && data is null)
            {
                isPassed = true;
                passed = start;
            }
        }

        if (!cursor.IsGiven(name, "name") || !cursor.IsGiven(datatype, "datatype") || !cursor.IsGiven(shape, "shape"))
        {
            return false;
        }

        if (isPassed)
        {
            // The data came before the members that describe it.
            var end = cursor.Mark;
            cursor.Mark = passed;
            if (!ReadData(ref cursor, datatype, shape.Value, out data))
            {
                return false;
            }

            cursor.Mark = end;
        }

        if (data is null && parameters?.TryGetProperty(BinaryData.Size, out var size) == true)
        {
            return ReadRaw(ref cursor, name, datatype, shape.Value, size, out tensor);
        }

        if (!cursor.IsGiven(data, "data"))
        {
            return false;
        }

        tensor = datatype.ToTensor(name, shape.Value, data, parameters);
        cursor.ElementsLeft -= tensor.Count;
        return true;
    }

    private static bool ReadRaw(
        ref RequestCursor cursor,
        string name,
        Datatype datatype,
        ImmutableArray<int> shape,
        JsonElement size,
        [NotNullWhen(true)] out Tensor? tensor
    )
    {
        tensor = null;
        if (size.ValueKind != JsonValueKind.Number || !size.TryGetInt32(out var bytes))
        {
            return cursor.Fail($"parameters.{BinaryData.Size}", "must be a number of bytes");
        }

        if (!cursor.TryTakeRaw(bytes, out var raw))
        {
            return cursor.Fail(
                $"parameters.{BinaryData.Size}",
                $"must not exceed the bytes after the JSON ({cursor.RawBytesLeft}), which the header "
                    + $"{BinaryData.Header} separates"
            );
        }

        tensor = datatype.ReadRaw(name, shape, raw, out var rule);
        if (tensor is null)
        {
            return cursor.Fail("binary data", rule);
        }

        cursor.ElementsLeft -= tensor.Count;
        return true;
    }

    private static bool ReadDatatype(ref RequestCursor cursor, [NotNullWhen(true)] out Datatype? datatype)
    {
        datatype = null;
        return (RequestCursor.Text(ref cursor.Json) is { } name && Datatype.TryFind(name, out datatype))
            || cursor.Fail("datatype", Datatype.NameRule);
    }

    private static bool ReadShape(ref RequestCursor cursor, [NotNullWhen(true)] out ImmutableArray<int>? shape)
    {
        shape = null;
        if (!cursor.IsArray("shape"))
        {
            return false;
        }

        var sizes = ImmutableArray.CreateBuilder<int>();
        var count = 1L;
        while (cursor.NextElement())
        {
            if (sizes.Count == MaxDimensions)
            {
                return cursor.Fail("shape", $"must have at most {MaxDimensions} dimensions");
            }

            if (cursor.Json.TokenType != JsonTokenType.Number || !cursor.Json.TryGetInt32(out var size) || size < 1)
            {
                return cursor.Fail($"shape[{sizes.Count}]", $"must be a whole number from 1 to {int.MaxValue}");
            }

            count *= size;
            if (count > cursor.ElementsLeft)
            {
                return cursor.Fail("shape", $"must not bring the elements of all inputs above {cursor.MaxElements}");
            }

            sizes.Add(size);
        }

        shape = sizes.ToImmutable();
        return true;
    }

    private static bool ReadData(
        ref RequestCursor cursor,
        Datatype datatype,
        ImmutableArray<int> shape,
        [NotNullWhen(true)] out Array? data
    ) => (data = datatype.ReadData(ref cursor, shape)) is not null;
}
