using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Shadows;

/// <summary>Compares the outputs of two versions. Pure.</summary>
internal static class OutputComparer
{
    private const double Tolerance = 1e-6;
    private const double MaxDifference = 1e100;

    /// <summary>Compares each output of the primary; one that the shadow lacks does not agree.</summary>
    public static IReadOnlyList<OutputComparison> Compare(
        IReadOnlyList<Tensor> primary,
        IReadOnlyList<Tensor> shadow
    ) => [.. primary.Select(p => Compare(p, shadow.FirstOrDefault(s => s.Name == p.Name)))];

    private static OutputComparison Compare(Tensor primary, Tensor? shadow)
    {
        if (shadow is not null && primary.Shape.SequenceEqual(shadow.Shape))
        {
            if (primary.Datatype.IsNumeric && shadow.Datatype.IsNumeric)
            {
                return CompareNumbers(primary.Name, primary.AsDoubles(), shadow.AsDoubles());
            }

            if (primary is Tensor<string> text && shadow is Tensor<string> otherText)
            {
                return Count(text.Name, text.Data, otherText.Data);
            }

            if (primary is Tensor<bool> flags && shadow is Tensor<bool> otherFlags)
            {
                return Count(flags.Name, flags.Data, otherFlags.Data);
            }
        }

        return new(primary.Name, primary.Count, 0, 0, 0);
    }

    private static OutputComparison CompareNumbers(string name, ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var (agreeing, sum, max) = (0L, 0.0, 0.0);
        for (var i = 0; i < a.Length; i++)
        {
            var difference = Math.Abs(a[i] - b[i]);
            if (difference <= Tolerance * Math.Max(1, Math.Abs(a[i])) || a[i].Equals(b[i]))
            {
                agreeing++;
            }

            // NaN has no difference, and huge ones must add up to a finite sum.
            if (!double.IsNaN(difference))
            {
                sum += Math.Min(difference, MaxDifference);
                max = Math.Max(max, Math.Min(difference, MaxDifference));
            }
        }

        return new(name, a.Length, agreeing, sum, max);
    }

    private static OutputComparison Count<T>(string name, ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where T : IEquatable<T>
    {
        var agreeing = 0L;
        for (var i = 0; i < a.Length; i++)
        {
            agreeing += a[i].Equals(b[i]) ? 1 : 0;
        }

        return new(name, a.Length, agreeing, 0, 0);
    }
}
