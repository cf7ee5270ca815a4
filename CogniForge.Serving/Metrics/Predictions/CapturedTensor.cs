using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Metrics.Predictions;

/// <summary>The first rows of a tensor.</summary>
internal sealed class CapturedTensor
{
    private readonly Tensor _tensor;
    private double[]? _numbers;

    private CapturedTensor(Tensor tensor, int rows) =>
        (_tensor, Width, IsFloat) = (
            tensor.Slice(0, rows),
            tensor.Count / tensor.Shape[0],
            tensor.Datatype == Datatype.Fp16 || tensor.Datatype == Datatype.Fp32 || tensor.Datatype == Datatype.Fp64
        );

    public string Name => _tensor.Name;

    /// <summary>The number of elements of a row, at least 1.</summary>
    public int Width { get; }

    public bool IsFloat { get; }

    public bool IsNumeric => _tensor.Datatype.IsNumeric;

    /// <summary>The first rows of the tensors that have one entry per row of the request.</summary>
    /// <param name="tensors">The tensors.</param>
    /// <param name="rows">The rows of the request.</param>
    /// <param name="max">The maximum number of rows to read.</param>
    public static List<CapturedTensor> Read(IReadOnlyList<Tensor> tensors, int rows, int max) =>
        [
            .. tensors
                .Where(t => t.Shape is [var first, ..] && first == rows)
                .Select(t => new CapturedTensor(t, Math.Min(rows, max))),
        ];

    /// <summary>An element as a number.</summary>
    public double GetNumber(int row, int column) =>
        (_numbers ??= _tensor.AsDoubles().ToArray())[(row * Width) + column];

    /// <summary>An element as a text without U+0000, which Postgres cannot store; null: it is a number.</summary>
    public string? GetText(int row, int column) =>
        _tensor switch
        {
            Tensor<string> texts => texts.Data[(row * Width) + column].Replace("\0", "", StringComparison.Ordinal),
            Tensor<bool> flags => flags.Data[(row * Width) + column] ? "true" : "false",
            _ => null,
        };
}
