namespace CogniForge.Statistics.Tests;

/// <summary>
/// Deterministic values that NumPy reproduces: <c>np.arange(1, n + 1) * step * 0.6180339887498949 % 1</c>.
/// </summary>
internal static class Series
{
    public static double[] Uniform(int count, int step = 1) =>
        [.. Enumerable.Range(1, count).Select(i => (double)i * step * 0.6180339887498949 % 1)];

    public static double[] Select(int count, Func<double, double> map) => [.. Uniform(count).Select(map)];
}
