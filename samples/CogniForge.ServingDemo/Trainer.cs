using Microsoft.ML;

namespace CogniForge.ServingDemo;

/// <summary>Trains classifiers with ML.NET and exports them as ONNX.</summary>
internal sealed class Trainer(Samples samples)
{
    private const int TextureColumn = 1;
    private const string Features = "features";

    private readonly MLContext _ml = new(seed: 1);

    /// <summary>A first attempt: a logistic regression on the texture alone.</summary>
    public TrainedModel TrainBaseline() =>
        Train(
            "logistic regression on the texture alone",
            _ml.BinaryClassification.Trainers.LbfgsLogisticRegression(featureColumnName: Features),
            [.. samples.Training.Select(KeepTexture)]
        );

    /// <summary>Boosted trees on all features.</summary>
    public TrainedModel TrainTrees() =>
        Train(
            "ML.NET's boosted trees on all 30 features",
            _ml.BinaryClassification.Trainers.FastTree(
                featureColumnName: Features,
                numberOfTrees: 60,
                numberOfLeaves: 6,
                minimumExampleCountPerLeaf: 5
            ),
            samples.Training
        );

    private TrainedModel Train(string name, IEstimator<ITransformer> trainer, IReadOnlyList<Sample> rows)
    {
        var model = trainer.Fit(_ml.Data.LoadFromEnumerable(rows));
        var metrics = _ml.BinaryClassification.Evaluate(
            model.Transform(_ml.Data.LoadFromEnumerable(samples.HeldOut))
        );
        var inputs = rows.Select(r => new UnlabeledSample { Features = r.Features });
        using var onnx = new MemoryStream();
        _ml.Model.ConvertToOnnx(model, _ml.Data.LoadFromEnumerable(inputs), onnx, "Probability");
        return new(name, metrics.Accuracy, onnx.ToArray());
    }

    // A column without variance gets no weight.
    private static Sample KeepTexture(Sample sample) =>
        new()
        {
            Features = [.. sample.Features.Select((value, i) => i == TextureColumn ? value : 0)],
            Label = sample.Label,
        };
}
