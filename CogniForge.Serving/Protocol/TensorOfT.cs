using System.Collections.Immutable;
using System.Text.Json;

namespace CogniForge.Serving.Protocol;

internal sealed class Tensor<T> : Tensor
{
    private readonly Datatype<T> _datatype;
    private readonly T[] _data;

    /// <summary>Creates a tensor that owns <paramref name="data"/>; the caller must not change it afterwards.</summary>
    /// <exception cref="ArgumentException"><paramref name="data"/> does not have the length of the shape.</exception>
    public Tensor(string name, Datatype<T> datatype, ImmutableArray<int> shape, T[] data)
        : base(name, shape)
    {
        if (shape.Aggregate(1L, (product, size) => product * size) != data.Length)
        {
            throw new ArgumentException($"{data.Length} elements do not match shape {Describe(shape)}.", nameof(data));
        }

        (_datatype, _data) = (datatype, data);
    }

    /// <summary>The elements in row-major order.</summary>
    public ReadOnlySpan<T> Data => _data;

    /// <inheritdoc/>
    public override Datatype Datatype => _datatype;

    /// <inheritdoc/>
    public override int Count => _data.Length;

    /// <inheritdoc/>
    public override ReadOnlySpan<double> AsDoubles() =>
        _data as double[] ?? Array.ConvertAll(_data, _datatype.ToDouble);

    /// <inheritdoc/>
    protected override void WriteElements(Utf8JsonWriter json, int start, int count)
    {
        foreach (var element in _data.AsSpan(start, count))
        {
            _datatype.Write(json, element);
        }
    }
}
