using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;

namespace CogniForge.Serving.Protocol;

internal sealed class Tensor<T> : Tensor
{
    private const int ElementsPerPart = 1_000;

    private readonly Datatype<T> _datatype;
    private readonly int _count;
    private readonly bool _isPooled;
    private T[]? _data;
    private long? _rawBytes;

    /// <summary>Creates a tensor that owns <paramref name="data"/>; the caller must not change it afterwards.</summary>
    /// <exception cref="ArgumentException"><paramref name="data"/> does not have the length of the shape.</exception>
    public Tensor(string name, Datatype<T> datatype, ImmutableArray<int> shape, T[] data)
        : base(name, shape)
    {
        if (Product(shape) != data.Length)
        {
            throw new ArgumentException($"{data.Length} elements do not match shape {Describe(shape)}.", nameof(data));
        }

        (_datatype, _data, _count) = (datatype, data, data.Length);
    }

    private Tensor(string name, Datatype<T> datatype, ImmutableArray<int> shape, T[] data, bool isPooled)
        : base(name, shape) =>
        (_datatype, _data, _count, _isPooled) = (datatype, data, (int)Product(shape), isPooled);

    /// <summary>Creates a tensor of an array from <see cref="TensorArrays"/>, which may be longer than the
    /// tensor.</summary>
    public static Tensor<T> FromPool(
        string name,
        Datatype<T> datatype,
        ImmutableArray<int> shape,
        T[] data,
        JsonElement? parameters
    ) =>
        new(name, datatype, shape, data, TensorArrays.IsPooled<T>((int)Product(shape))) { Parameters = parameters };

    /// <summary>The elements in row-major order.</summary>
    public ReadOnlySpan<T> Data => Memory.Span;

    /// <summary>The elements in row-major order.</summary>
    /// <exception cref="ObjectDisposedException">The tensor was released.</exception>
    public Memory<T> Memory =>
        new(_data ?? throw new ObjectDisposedException($"tensor {Name}"), 0, _count);

    /// <inheritdoc/>
    public override Datatype Datatype => _datatype;

    /// <inheritdoc/>
    public override int Count => _count;

    /// <inheritdoc/>
    public override long RawBytes => _rawBytes ??= _datatype.Raw.GetBytes(Data);

    /// <inheritdoc/>
    public override ReadOnlySpan<double> AsDoubles()
    {
        if (_data is double[] doubles)
        {
            return doubles.AsSpan(0, _count);
        }

        var converted = new double[_count];
        for (var i = 0; i < converted.Length; i++)
        {
            converted[i] = _datatype.ToDouble(Data[i]);
        }

        return converted;
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<float> ReadSingles(int start, int count, Span<float> buffer)
    {
        if (_data is float[] singles)
        {
            return singles.AsSpan(start, count);
        }

        var data = Data.Slice(start, count);
        for (var i = 0; i < count; i++)
        {
            var number = _datatype.ToDouble(data[i]);
            buffer[i] = (float)number;
            if (float.IsInfinity(buffer[i]) && double.IsFinite(number))
            {
                throw new OverflowException();
            }
        }

        return buffer[..count];
    }

    /// <inheritdoc/>
    public override void WriteRaw(IBufferWriter<byte> writer) => _datatype.Raw.Write(Data, writer);

    /// <inheritdoc/>
    public override Tensor Join(IReadOnlyList<Tensor> tensors)
    {
        var data = new T[tensors.Sum(t => t.Count)];
        var rows = 0;
        var filled = 0;
        foreach (var tensor in tensors.Cast<Tensor<T>>())
        {
            tensor.Data.CopyTo(data.AsSpan(filled));
            filled += tensor.Count;
            rows += tensor.Shape[0];
        }

        return new Tensor<T>(Name, _datatype, Shape.SetItem(0, rows), data);
    }

    /// <inheritdoc/>
    public override Tensor Slice(int row, int rows)
    {
        var width = Count / Shape[0];
        return new Tensor<T>(
            Name,
            _datatype,
            Shape.SetItem(0, rows),
            Data.Slice(row * width, rows * width).ToArray()
        );
    }

    /// <inheritdoc/>
    public override Tensor Copy() => new Tensor<T>(Name, _datatype, Shape, Data.ToArray());

    /// <inheritdoc/>
    public override void Release()
    {
        if (_isPooled && Interlocked.Exchange(ref _data, null) is { } data)
        {
            TensorArrays.Return(data);
        }
    }

    /// <inheritdoc/>
    protected override async ValueTask WriteElementsAsync(Utf8JsonWriter json, Func<ValueTask> flushAsync)
    {
        if (_data is string[] texts)
        {
            await LongText.WriteElementsAsync(json, texts.AsMemory(0, _count), flushAsync);
            return;
        }

        for (var start = 0; start < _count; start += ElementsPerPart)
        {
            WriteElements(json, start, Math.Min(ElementsPerPart, _count - start));
            await flushAsync();
        }
    }

    private void WriteElements(Utf8JsonWriter json, int start, int count)
    {
        if (_data is double[] doubles)
        {
            NumberWriter.WriteElements<double>(json, doubles.AsSpan(start, count));
            return;
        }

        if (_data is float[] singles)
        {
            NumberWriter.WriteElements<float>(json, singles.AsSpan(start, count));
            return;
        }

        foreach (var element in Data.Slice(start, count))
        {
            _datatype.Write(json, element);
        }
    }
}
