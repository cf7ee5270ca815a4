namespace CogniForge.Serving.Shadows;

/// <summary>An output of the shadow beside that of the primary.</summary>
/// <param name="Name">The output's name.</param>
/// <param name="Elements">The primary's elements.</param>
/// <param name="Agreement">The share that is equal, 0 to 1; floats to 10⁻⁶, relative above 1.</param>
/// <param name="MeanDifference">The mean absolute difference of numbers.</param>
/// <param name="MaxDifference">The largest absolute difference of numbers.</param>
internal sealed record OutputReport(
    string Name,
    long Elements,
    double Agreement,
    double MeanDifference,
    double MaxDifference
);
