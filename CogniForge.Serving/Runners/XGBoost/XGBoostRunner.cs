using System.Buffers;
using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Runners.XGBoost;

/// <summary>
/// Serves an <see cref="XGBoostModel"/>: one tensor of rows in, what <c>Booster.predict</c> returns out.
/// </summary>
internal sealed class XGBoostRunner(XGBoostModel model) : IModelRunner
{
    /// <summary>The input tensor: numeric, shape [rows, features]; NaN, in JSON null, is a missing value.</summary>
    public const string Features = "features";

    /// <summary>The output tensor: FP32, shape [rows], or [rows, classes] of <c>multi:softprob</c>.</summary>
    public const string Prediction = "predict";

    private const int BlockRows = 256;

    /// <inheritdoc/>
    public string Platform => "xgboost_json";

    /// <inheritdoc/>
    public IReadOnlyList<TensorMetadata> Inputs { get; } =
    [new(Features, Datatype.Fp32, [-1, model.Features]) { ColumnNames = model.FeatureNames }];

    /// <inheritdoc/>
    public IReadOnlyList<TensorMetadata> Outputs { get; } =
    [new(Prediction, Datatype.Fp32, model.Width == 1 ? [-1] : [-1, model.Width])];

    /// <inheritdoc/>
    public long SizeBytes => model.SizeBytes;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Tensor>> InferAsync(InferRequest request, CancellationToken cancellationToken)
    {
        var input = request.Inputs[0];
        var rows = request.Rows;
        var predictions = new float[checked(rows * model.Width)];
        var block = ArrayPool<float>.Shared.Rent(BlockRows * model.Features);
        var scratch = ArrayPool<float>.Shared.Rent(model.GetScratchLength(BlockRows));
        try
        {
            for (var row = 0; row < rows; row += BlockRows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var count = Math.Min(BlockRows, rows - row);
                var features = input.ReadSingles(row * model.Features, count * model.Features, block);
                var margins = scratch.AsSpan(0, model.GetScratchLength(count));
                model.Predict(features, margins);
                margins[..(count * model.Width)].CopyTo(predictions.AsSpan(row * model.Width));
            }
        }
        catch (OverflowException e)
        {
            throw InferenceFailedException.OutOfRange(e);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(block);
            ArrayPool<float>.Shared.Return(scratch);
        }

        return ValueTask.FromResult<IReadOnlyList<Tensor>>([
            new Tensor<float>(
                Prediction,
                Datatype.Fp32,
                model.Width == 1 ? [rows] : [rows, model.Width],
                predictions
            ),
        ]);
    }

    /// <inheritdoc/>
    public void Dispose() { }
}
