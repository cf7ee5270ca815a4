using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Runners.Linear;

/// <summary>Serves a <see cref="LinearModel"/>: one tensor of rows in, one prediction per row out.</summary>
internal sealed class LinearRunner(LinearModel model) : IModelRunner
{
    private readonly int _width = model.Coefficients!.Length;

    /// <inheritdoc/>
    public string Platform => "cogniforge_linear";

    /// <inheritdoc/>
    public IReadOnlyList<TensorMetadata> Inputs { get; } =
    [new("features", Datatype.Fp64, [-1, model.Coefficients!.Length])];

    /// <inheritdoc/>
    public IReadOnlyList<TensorMetadata> Outputs { get; } = [new("prediction", Datatype.Fp64, [-1])];

    /// <inheritdoc/>
    public long SizeBytes => _width * sizeof(double);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Tensor>> InferAsync(InferRequest request, CancellationToken cancellationToken)
    {
        var rows = request.Inputs[0].AsDoubles();
        var predictions = new double[request.Rows];
        for (var row = 0; row < predictions.Length; row++)
        {
            predictions[row] = model.Predict(rows.Slice(row * _width, _width));
        }

        return ValueTask.FromResult<IReadOnlyList<Tensor>>([
            new Tensor<double>("prediction", Datatype.Fp64, [request.Rows], predictions),
        ]);
    }

    /// <inheritdoc/>
    public void Dispose() { }
}
