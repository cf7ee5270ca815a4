using System.Collections.Immutable;
using System.Text.Json;

namespace CogniForge.Serving.Inference;

/// <summary>A named tensor of the Open Inference Protocol v2: the elements in row-major order. Immutable, so safe for concurrent use.</summary>
internal abstract class Tensor(string name, ImmutableArray<int> shape)
{
    /// <summary>The tensor's name within its request or response.</summary>
    public string Name { get; } = name;

    /// <summary>The size of each dimension, each at least 1; empty for a single value.</summary>
    public ImmutableArray<int> Shape { get; } = shape;

    /// <summary>The datatype of the elements.</summary>
    public abstract Datatype Datatype { get; }

    /// <summary>The number of elements: the product of <see cref="Shape"/>.</summary>
    public abstract int Count { get; }

    /// <summary>The <c>parameters</c> that came with the tensor, as sent; none of them means anything here.</summary>
    public JsonElement? Parameters { get; init; }

    /// <summary>The elements as doubles: the elements themselves for FP64, otherwise the nearest (INT64 and UINT64 lose digits beyond 2^53).</summary>
    /// <exception cref="InvalidOperationException">The datatype is not numeric.</exception>
    public abstract ReadOnlySpan<double> AsDoubles();

    /// <summary>Writes the protocol's <c>$response_output</c> object, the data flat.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("name", Name);
        json.WriteString("datatype", Datatype.Name);
        json.WriteStartArray("shape");
        foreach (var size in Shape)
        {
            json.WriteNumberValue(size);
        }

        json.WriteEndArray();
        json.WriteStartArray("data");
        WriteElements(json);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Writes the elements one after the other.</summary>
    protected abstract void WriteElements(Utf8JsonWriter json);

    /// <summary>How a shape is written in messages: <c>[3,30]</c>.</summary>
    public static string Describe(ImmutableArray<int> shape) => $"[{string.Join(',', shape)}]";
}
