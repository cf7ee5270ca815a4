namespace CogniForge.Statistics.Accuracy;

/// <summary>Rows whose predicted probability lies in (lower, upper]; the first bin includes 0.</summary>
/// <param name="Lower">Lower end of the bin.</param>
/// <param name="Upper">Upper end of the bin.</param>
/// <param name="Count">Rows in the bin.</param>
/// <param name="MeanProbability">Mean predicted probability; null for an empty bin.</param>
/// <param name="PositiveShare">Share of positive rows; null for an empty bin.</param>
public sealed record CalibrationBin(
    double Lower,
    double Upper,
    long Count,
    double? MeanProbability,
    double? PositiveShare
);
