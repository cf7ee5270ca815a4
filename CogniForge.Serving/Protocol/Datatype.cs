using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Text.Json;

namespace CogniForge.Serving.Protocol;

/// <summary>A tensor datatype of the Open Inference Protocol v2 (inference_rest.md, "Tensor Data Types").</summary>
/// <remarks>
/// Servers may coerce mismatched JSON values; this one rejects them (0 for BOOL, 1.0 for integers, "NaN"), but reads
/// null as the missing value NaN of a float.
/// FP16 and FP32 values round to the nearest; a value that would round to infinity is out of range.
/// </remarks>
internal abstract class Datatype(string name, string rule)
{
    public static readonly Datatype<bool> Bool = new(
        "BOOL",
        "must be true or false",
        ReadBool,
        null,
        null,
        new FixedSizeCodec<bool>(),
        static (json, value) => json.WriteBooleanValue(value)
    );
    public static readonly Datatype<byte> UInt8 = Integer<byte>(
        "UINT8",
        static (ref json, out value) => json.TryGetByte(out value),
        static (json, value) => json.WriteNumberValue(value)
    );
    public static readonly Datatype<ushort> UInt16 = Integer<ushort>(
        "UINT16",
        static (ref json, out value) => json.TryGetUInt16(out value),
        static (json, value) => json.WriteNumberValue(value)
    );
    public static readonly Datatype<uint> UInt32 = Integer<uint>(
        "UINT32",
        static (ref json, out value) => json.TryGetUInt32(out value),
        static (json, value) => json.WriteNumberValue(value)
    );
    public static readonly Datatype<ulong> UInt64 = Integer<ulong>(
        "UINT64",
        static (ref json, out value) => json.TryGetUInt64(out value),
        static (json, value) => json.WriteNumberValue(value)
    );
    public static readonly Datatype<sbyte> Int8 = Integer<sbyte>(
        "INT8",
        static (ref json, out value) => json.TryGetSByte(out value),
        static (json, value) => json.WriteNumberValue(value)
    );
    public static readonly Datatype<short> Int16 = Integer<short>(
        "INT16",
        static (ref json, out value) => json.TryGetInt16(out value),
        static (json, value) => json.WriteNumberValue(value)
    );
    public static readonly Datatype<int> Int32 = Integer<int>(
        "INT32",
        static (ref json, out value) => json.TryGetInt32(out value),
        static (json, value) => json.WriteNumberValue(value)
    );
    public static readonly Datatype<long> Int64 = Integer<long>(
        "INT64",
        static (ref json, out value) => json.TryGetInt64(out value),
        static (json, value) => json.WriteNumberValue(value)
    );
    public static readonly Datatype<Half> Fp16 = Float<Half>(
        "FP16",
        ReadHalf,
        static (json, value) => json.WriteNumberValue((float)value)
    );
    public static readonly Datatype<float> Fp32 = Float<float>(
        "FP32",
        static (ref json, out value) => json.TryGetSingle(out value),
        static (json, value) => json.WriteNumberValue(value)
    );
    public static readonly Datatype<double> Fp64 = Float<double>(
        "FP64",
        static (ref json, out value) => json.TryGetDouble(out value),
        static (json, value) => json.WriteNumberValue(value)
    );
    public static readonly Datatype<string> Bytes = new(
        "BYTES",
        "must be a string of valid Unicode",
        ReadText,
        null,
        null,
        new BytesCodec(),
        static (json, value) => json.WriteStringValue(value)
    );

    private static readonly FrozenDictionary<string, Datatype> _byName = new Datatype[]
    {
        Bool,
        UInt8,
        UInt16,
        UInt32,
        UInt64,
        Int8,
        Int16,
        Int32,
        Int64,
        Fp16,
        Fp32,
        Fp64,
        Bytes,
    }.ToFrozenDictionary(type => type.Name, StringComparer.Ordinal);

    /// <summary>The rule that a <c>datatype</c> on the wire must meet.</summary>
    public static readonly string NameRule =
        $"must be one of {string.Join(", ", _byName.Keys.Order(StringComparer.Ordinal))}";

    /// <summary>The protocol's name; case-sensitive.</summary>
    public string Name { get; } = name;

    /// <summary>The rule that an element on the wire must meet, phrased to follow its path.</summary>
    public string Rule { get; } = rule;

    public abstract bool IsNumeric { get; }

    public static bool TryFind(string name, [NotNullWhen(true)] out Datatype? datatype) =>
        _byName.TryGetValue(name, out datatype);

    /// <summary>Reads the JSON array at <paramref name="cursor"/> to its end as the elements of a tensor.</summary>
    /// <returns>An array for <see cref="ToTensor"/>, or null after the cursor has recorded an error.</returns>
    public abstract Array? ReadData(ref RequestCursor cursor, ImmutableArray<int> shape);

    /// <summary>Creates a tensor from the elements that <see cref="ReadData"/> returned.</summary>
    public abstract Tensor ToTensor(string name, ImmutableArray<int> shape, Array data, JsonElement? parameters);

    /// <summary>Reads raw bytes as the elements of a tensor; null if they break the rule.</summary>
    public abstract Tensor? ReadRaw(string name, ImmutableArray<int> shape, ReadOnlySpan<byte> raw, out string rule);

    /// <summary>Creates a tensor of zeros, or of empty strings.</summary>
    public abstract Tensor CreateEmpty(string name, ImmutableArray<int> shape);

    /// <summary>Converts the elements of a numeric tensor to this datatype.</summary>
    /// <exception cref="OverflowException">An element is out of range, or a fraction becomes an integer.</exception>
    public abstract Tensor Convert(Tensor tensor);

    private static Datatype<T> Integer<T>(string name, ElementReader<T> read, ElementWriter<T> write)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
        new(
            name,
            $"must be a whole number from {T.MinValue} to {T.MaxValue}",
            (ref json, out value) =>
            {
                value = default;
                return json.TokenType == JsonTokenType.Number && read(ref json, out value);
            },
            double.CreateChecked,
            static number => double.IsInteger(number) ? T.CreateChecked(number) : throw new OverflowException(),
            new FixedSizeCodec<T>(),
            write
        );

    private static Datatype<T> Float<T>(string name, ElementReader<T> read, ElementWriter<T> write)
        where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> =>
        new(
            name,
            $"must be a number from {double.CreateChecked(T.MinValue)} to {double.CreateChecked(T.MaxValue)}, or null "
                + "if missing",
            (ref json, out value) =>
            {
                if (json.TokenType == JsonTokenType.Null)
                {
                    value = T.NaN;
                    return true;
                }

                value = default;
                return json.TokenType == JsonTokenType.Number && read(ref json, out value) && T.IsFinite(value);
            },
            double.CreateChecked,
            static number =>
                T.CreateChecked(number) is var nearest && (T.IsFinite(nearest) || !double.IsFinite(number))
                    ? nearest
                    : throw new OverflowException(),
            new FixedSizeCodec<T>(),
            (json, value) =>
            {
                // JSON has no numbers for these.
                if (T.IsFinite(value))
                {
                    write(json, value);
                }
                else
                {
                    json.WriteNullValue();
                }
            }
        );

    private static bool ReadBool(ref Utf8JsonReader json, out bool value)
    {
        value = json.TokenType == JsonTokenType.True;
        return value || json.TokenType == JsonTokenType.False;
    }

    private static bool ReadHalf(ref Utf8JsonReader json, out Half value)
    {
        var read = json.TryGetDouble(out var wide);
        value = (Half)wide;
        return read;
    }

    private static bool ReadText(ref Utf8JsonReader json, [MaybeNullWhen(false)] out string value) =>
        (value = RequestCursor.Text(ref json)) is not null;
}
