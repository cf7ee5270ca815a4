using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;

namespace CogniForge.Serving.Protocol;

/// <summary>A named tensor of the Open Inference Protocol v2, in row-major order. Immutable, so thread-safe.</summary>
internal abstract class Tensor(string name, ImmutableArray<int> shape)
{
    /// <summary>The tensor's name, unique within its request or response.</summary>
    public string Name { get; } = name;

    /// <summary>The size of each dimension, at least 1; empty for a single value.</summary>
    public ImmutableArray<int> Shape { get; } = shape;

    public abstract Datatype Datatype { get; }

    /// <summary>The number of elements: the product of <see cref="Shape"/>.</summary>
    public abstract int Count { get; }

    /// <summary>The tensor's <c>parameters</c> as sent; this server ignores them.</summary>
    public JsonElement? Parameters { get; init; }

    /// <summary>
    /// The elements as doubles: exact for FP64, otherwise the nearest (64-bit integers lose digits above 2^53).
    /// </summary>
    /// <exception cref="InvalidOperationException">The datatype is not numeric.</exception>
    public abstract ReadOnlySpan<double> AsDoubles();

    /// <summary>The number of bytes that <see cref="WriteRaw"/> writes.</summary>
    public abstract long RawBytes { get; }

    /// <summary>
    /// Some elements as singles: the nearest numbers. Fills <paramref name="buffer"/> only if the datatype is not FP32.
    /// </summary>
    /// <exception cref="OverflowException">An element is beyond the range of singles.</exception>
    /// <exception cref="InvalidOperationException">The datatype is not numeric.</exception>
    public abstract ReadOnlySpan<float> ReadSingles(int start, int count, Span<float> buffer);

    /// <summary>Writes the elements as raw bytes; see <see cref="RawCodec{T}"/>.</summary>
    public abstract void WriteRaw(IBufferWriter<byte> writer);

    /// <summary>Joins tensors of the same datatype and row shape along the first dimension.</summary>
    public abstract Tensor Join(IReadOnlyList<Tensor> tensors);

    /// <summary>Copies some rows: a part of the first dimension.</summary>
    public abstract Tensor Slice(int row, int rows);

    /// <summary>Copies the tensor, without its parameters; the copy lives on after <see cref="Release"/>.</summary>
    public abstract Tensor Copy();

    /// <summary>Gives the memory back for other requests; the elements must not be used afterwards.</summary>
    public abstract void Release();

    /// <summary>Writes the protocol's <c>$response_output</c> object with flat data, part by part.</summary>
    public async ValueTask WriteToAsync(Utf8JsonWriter json, Func<ValueTask> flushAsync)
    {
        WriteHeader(json);
        json.WriteStartArray("data");
        await WriteElementsAsync(json, flushAsync);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Writes the protocol's <c>$response_output</c> object whose data follow the JSON as raw bytes.</summary>
    public void WriteBinaryTo(Utf8JsonWriter json)
    {
        WriteHeader(json);
        json.WriteStartObject("parameters");
        json.WriteNumber(BinaryData.Size, RawBytes);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteHeader(Utf8JsonWriter json)
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
    }

    protected abstract ValueTask WriteElementsAsync(Utf8JsonWriter json, Func<ValueTask> flushAsync);

    /// <summary>The number of elements of a shape.</summary>
    public static long Product(ImmutableArray<int> shape)
    {
        var product = 1L;
        foreach (var size in shape)
        {
            product *= size;
        }

        return product;
    }

    /// <summary>Formats a shape for messages: <c>[3,30]</c>.</summary>
    public static string Describe(ImmutableArray<int> shape) => $"[{string.Join(',', shape)}]";
}
