using CogniForge.Statistics.Accuracy;

namespace CogniForge.Serving.Metrics.Accuracy;

/// <summary>How good predicted probabilities are; see <see cref="ClassificationAccuracy"/>.</summary>
internal sealed record ProbabilityAccuracy(
    int Scored,
    string? PositiveClass,
    double? RocAuc,
    double? PrAuc,
    double? LogLoss,
    double? BrierScore,
    Calibration? Calibration
);
