using MathNet.Numerics.Integration;

namespace CogniForge.Statistics.Experiments;

/// <summary>
/// P(arm i is the highest) = ∫ fᵢ(x) ∏ⱼ≠ᵢ Fⱼ(x) dx, by Gauss–Legendre between breaks around each arm.
/// </summary>
internal static class BestArm
{
    private static readonly double[] _deviations = [0, 0.5, 1, 1.5, 2, 3, 4, 5, 6.5, 8, 10];
    private static readonly GaussLegendreRule _rule = new(-1, 1, 12);

    public static double[] Probabilities(
        double[] centers,
        double[] widths,
        (double Low, double High) support,
        Func<int, double, double> density,
        Func<int, double, double> cumulative
    )
    {
        var count = centers.Length;
        var chances = new double[count];
        var below = new double[count];
        var breaks = Breaks(centers, widths, support);
        for (var panel = 1; panel < breaks.Length; panel++)
        {
            var (middle, half) = ((breaks[panel] + breaks[panel - 1]) / 2, (breaks[panel] - breaks[panel - 1]) / 2);
            for (var node = 0; node < _rule.Order; node++)
            {
                AddNode(middle + (half * _rule.GetAbscissa(node)), half * _rule.GetWeight(node));
            }
        }

        var total = chances.Sum();
        return [.. chances.Select(chance => chance / total)];

        void AddNode(double x, double weight)
        {
            for (var i = 0; i < count; i++)
            {
                below[i] = cumulative(i, x);
            }

            for (var i = 0; i < count; i++)
            {
                var others = weight;
                for (var j = 0; j < count; j++)
                {
                    others *= i == j ? 1 : below[j];
                }

                if (others > 0)
                {
                    chances[i] += others * density(i, x);
                }
            }
        }
    }

    private static double[] Breaks(double[] centers, double[] widths, (double Low, double High) support)
    {
        var breaks = new SortedSet<double>();
        for (var i = 0; i < centers.Length; i++)
        {
            foreach (var deviation in _deviations)
            {
                breaks.Add(Math.Clamp(centers[i] - (deviation * widths[i]), support.Low, support.High));
                breaks.Add(Math.Clamp(centers[i] + (deviation * widths[i]), support.Low, support.High));
            }
        }

        return [.. breaks];
    }
}
