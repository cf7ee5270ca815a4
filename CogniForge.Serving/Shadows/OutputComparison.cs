namespace CogniForge.Serving.Shadows;

/// <summary>An output of the primary beside that of the shadow.</summary>
/// <param name="Name">The output's name.</param>
/// <param name="Elements">The primary's elements.</param>
/// <param name="Agreeing">The elements that are equal; floats to 10⁻⁶, relative above 1.</param>
/// <param name="SumDifference">The sum of the absolute differences of numbers.</param>
/// <param name="MaxDifference">The largest absolute difference of numbers.</param>
internal sealed record OutputComparison(
    string Name,
    long Elements,
    long Agreeing,
    double SumDifference,
    double MaxDifference
);
