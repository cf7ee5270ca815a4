using CogniForge.Serving.Models;
using CogniForge.Serving.Protocol;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace CogniForge.Serving.Runners.Logistic;

/// <summary>
/// Serves a <see cref="LogisticModel"/>: one tensor of rows in, a probability and a label per row out.
/// </summary>
internal sealed class LogisticRunner(LogisticModel model) : IModelRunner
{
    /// <summary>The input tensor: numeric, shape [rows, inputs].</summary>
    public const string Features = "features";

    /// <summary>The output tensor with the probability of the second class: FP64, shape [rows].</summary>
    public const string Probability = "probability";

    /// <summary>The output tensor with the name of the likelier class: BYTES, shape [rows].</summary>
    public const string Label = "label";

    private const int BytesPerName = 64;

    /// <inheritdoc/>
    public string Platform => "cogniforge_logistic";

    /// <inheritdoc/>
    public IReadOnlyList<TensorMetadata> Inputs { get; } = [new(Features, Datatype.Fp64, [-1, model.Inputs.Length])];

    /// <inheritdoc/>
    public IReadOnlyList<TensorMetadata> Outputs { get; } =
    [new(Probability, Datatype.Fp64, [-1]), new(Label, Datatype.Bytes, [-1])];

    /// <inheritdoc/>
    public long SizeBytes => model.Inputs.Length * (sizeof(double) + BytesPerName);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Tensor>> InferAsync(InferRequest request, CancellationToken cancellationToken)
    {
        var features = request.Inputs[0].AsDoubles();
        if (!TensorPrimitives.IsFiniteAll(features))
        {
            throw new InferenceFailedException(
                StatusCodes.Status400BadRequest,
                "inputs[0].data must be finite: a logistic model has no rule for missing values."
            );
        }

        var scores = model.Score(features);
        return ValueTask.FromResult<IReadOnlyList<Tensor>>([
            new Tensor<double>(Probability, Datatype.Fp64, [request.Rows], scores.Probabilities),
            new Tensor<string>(Label, Datatype.Bytes, [request.Rows], scores.Labels),
        ]);
    }

    /// <inheritdoc/>
    public void Dispose() { }
}
