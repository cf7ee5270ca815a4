using System.Collections.Immutable;
using System.Text.Json;

namespace CogniForge.Serving.Inference;

/// <summary>A tensor whose elements are <typeparamref name="T"/>.</summary>
internal sealed class Tensor<T> : Tensor
{
    private readonly Datatype<T> _datatype;
    private readonly T[] _data;

    /// <summary>A tensor that keeps <paramref name="data"/>, which nobody changes from here on.</summary>
    /// <exception cref="ArgumentException">The product of <paramref name="shape"/> is not the number of elements.</exception>
    public Tensor(string name, Datatype<T> datatype, ImmutableArray<int> shape, T[] data)
        : base(name, shape)
    {
        if (shape.Aggregate(1L, (product, size) => product * size) != data.Length)
        {
            throw new ArgumentException($"{data.Length} elements are not of shape {Describe(shape)}.", nameof(data));
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
    protected override void WriteElements(Utf8JsonWriter json)
    {
        foreach (var element in _data)
        {
            _datatype.Write(json, element);
        }
    }
}
