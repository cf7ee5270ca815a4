using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace CogniForge.Serving.Protocol;

/// <summary>A datatype whose elements are represented as <typeparamref name="T"/>.</summary>
/// <param name="name">See <see cref="Datatype.Name"/>.</param>
/// <param name="rule">See <see cref="Datatype.Rule"/>.</param>
/// <param name="read">Reads one element.</param>
/// <param name="toDouble">Converts an element to the nearest double; null for a datatype that is not numeric.</param>
/// <param name="fromDouble">Converts from a double; null for a datatype that is not numeric.</param>
/// <param name="raw">Reads and writes raw bytes.</param>
/// <param name="write">Writes one element.</param>
internal sealed class Datatype<T>(
    string name,
    string rule,
    ElementReader<T> read,
    Func<T, double>? toDouble,
    Func<double, T>? fromDouble,
    RawCodec<T> raw,
    ElementWriter<T> write
) : Datatype(name, rule)
{
    /// <inheritdoc/>
    public override bool IsNumeric => toDouble is not null;

    /// <summary>Reads the value at <paramref name="json"/>; false if it breaks <see cref="Datatype.Rule"/>.</summary>
    public bool TryRead(ref Utf8JsonReader json, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        return (toDouble is null || json.TokenType is JsonTokenType.Number or JsonTokenType.Null)
            && read(ref json, out value);
    }

    /// <summary>Reads and writes raw bytes.</summary>
    public RawCodec<T> Raw => raw;

    public void Write(Utf8JsonWriter json, T value) => write(json, value);

    /// <summary>Converts an element to the nearest double.</summary>
    /// <exception cref="InvalidOperationException">The datatype is not numeric.</exception>
    public double ToDouble(T value) =>
        toDouble is null ? throw new InvalidOperationException($"{Name} is not numeric.") : toDouble(value);

    /// <inheritdoc/>
    public override Tensor CreateEmpty(string name, ImmutableArray<int> shape)
    {
        var data = new T[Tensor.Product(shape)];
        if (data is string[] texts)
        {
            Array.Fill(texts, "");
        }

        return new Tensor<T>(name, this, shape, data);
    }

    /// <inheritdoc/>
    public override Tensor Convert(Tensor tensor)
    {
        if (tensor.Datatype == this)
        {
            return tensor;
        }

        if (fromDouble is null)
        {
            throw new OverflowException();
        }

        var numbers = tensor.AsDoubles();
        var converted = new T[numbers.Length];
        for (var i = 0; i < converted.Length; i++)
        {
            converted[i] = fromDouble(numbers[i]);
        }

        return new Tensor<T>(tensor.Name, this, tensor.Shape, converted);
    }

    /// <inheritdoc/>
    public override Array? ReadData(ref RequestCursor cursor, ImmutableArray<int> shape) =>
        new TensorDataReader<T>(this, shape, in cursor).Read(ref cursor);

    /// <inheritdoc/>
    public override Tensor ToTensor(string name, ImmutableArray<int> shape, Array data, JsonElement? parameters) =>
        Tensor<T>.FromPool(name, this, shape, (T[])data, parameters);

    /// <inheritdoc/>
    public override Tensor? ReadRaw(string name, ImmutableArray<int> shape, ReadOnlySpan<byte> bytes, out string rule)
    {
        var count = Tensor.Product(shape);
        if (count > bytes.Length / raw.MinBytes)
        {
            rule = $"must have {count * raw.MinBytes} bytes or more, has {bytes.Length}";
            return null;
        }

        var data = TensorArrays.Rent<T>((int)count);
        return raw.TryRead(bytes, data.AsSpan(0, (int)count), out rule)
            ? Tensor<T>.FromPool(name, this, shape, data, null)
            : null;
    }
}
