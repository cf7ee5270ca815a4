using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace CogniForge.Serving.Protocol;

/// <summary>A datatype whose elements are represented as <typeparamref name="T"/>.</summary>
/// <param name="name">See <see cref="Datatype.Name"/>.</param>
/// <param name="rule">See <see cref="Datatype.Rule"/>.</param>
/// <param name="read">Reads one element.</param>
/// <param name="toDouble">Converts an element to the nearest double; null for a datatype that is not numeric.</param>
/// <param name="write">Writes one element.</param>
internal sealed class Datatype<T>(
    string name,
    string rule,
    ElementReader<T> read,
    Func<T, double>? toDouble,
    ElementWriter<T> write
) : Datatype(name, rule)
{
    /// <inheritdoc/>
    public override bool IsNumeric => toDouble is not null;

    /// <summary>Reads the value at <paramref name="json"/>; false if it breaks <see cref="Datatype.Rule"/>.</summary>
    public bool TryRead(ref Utf8JsonReader json, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        return (toDouble is null || json.TokenType == JsonTokenType.Number) && read(ref json, out value);
    }

    public void Write(Utf8JsonWriter json, T value) => write(json, value);

    /// <summary>Converts an element to the nearest double.</summary>
    /// <exception cref="InvalidOperationException">The datatype is not numeric.</exception>
    public double ToDouble(T value) =>
        toDouble is null ? throw new InvalidOperationException($"{Name} is not numeric.") : toDouble(value);

    /// <inheritdoc/>
    public override Array? ReadData(ref RequestCursor cursor, ImmutableArray<int> shape) =>
        new TensorDataReader<T>(this, shape, in cursor).Read(ref cursor);

    /// <inheritdoc/>
    public override Tensor ToTensor(string name, ImmutableArray<int> shape, Array data, JsonElement? parameters) =>
        new Tensor<T>(name, this, shape, (T[])data) { Parameters = parameters };
}
