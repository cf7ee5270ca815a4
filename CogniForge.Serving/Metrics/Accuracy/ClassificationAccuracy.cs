using CogniForge.Statistics.Accuracy;

namespace CogniForge.Serving.Metrics.Accuracy;

/// <summary>How well classes are predicted, as scikit-learn defines it; what is not estimable is null.</summary>
/// <param name="Count">The number of predictions, at least 1.</param>
/// <param name="Accuracy">The share of right classes, 0 to 1.</param>
/// <param name="Macro">The plain mean over the classes.</param>
/// <param name="Micro">From the sums over all classes.</param>
/// <param name="Weighted">The mean over the classes, weighted by their rows.</param>
/// <param name="Classes">Each class; null: there are more than 200.</param>
/// <param name="ConfusionMatrix">The counts of each pair of classes; null: there are more than 200.</param>
/// <param name="Scored">The predictions with the probabilities that the following metrics need.</param>
/// <param name="PositiveClass">The class whose probability is evaluated; null: all, if three or more.</param>
/// <param name="RocAuc">Area under the ROC curve, 0 to 1; of several classes, the mean of one against the rest.</param>
/// <param name="PrAuc">Area under the precision–recall curve, as average precision; likewise.</param>
/// <param name="LogLoss">The log loss in nats, at least 0.</param>
/// <param name="BrierScore">The mean squared error of the probability, 0 to 1; of one class only.</param>
/// <param name="Calibration">Whether events of probability p have a share of p; of one class only.</param>
internal sealed record ClassificationAccuracy(
    int Count,
    double Accuracy,
    AverageMetrics? Macro,
    AverageMetrics? Micro,
    AverageMetrics? Weighted,
    IReadOnlyList<ClassMetrics>? Classes,
    ConfusionCounts? ConfusionMatrix,
    int Scored,
    string? PositiveClass,
    double? RocAuc,
    double? PrAuc,
    double? LogLoss,
    double? BrierScore,
    Calibration? Calibration
);
