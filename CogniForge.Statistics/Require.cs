using System.Runtime.CompilerServices;

namespace CogniForge.Statistics;

internal static class Require
{
    public static void Finite(double value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(name, value, "The value must be finite.");
        }
    }

    public static void Positive(double value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (!(value > 0 && double.IsFinite(value)))
        {
            throw new ArgumentOutOfRangeException(name, value, "The value must be positive and finite.");
        }
    }

    public static void NotNegative(double value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (!(value >= 0 && double.IsFinite(value)))
        {
            throw new ArgumentOutOfRangeException(name, value, "The value must be 0 or more, and finite.");
        }
    }

    /// <summary>Rejects what is not strictly between 0 and 1, such as a significance level.</summary>
    public static void Between0And1(double value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (!(value is > 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(name, value, "The value must be between 0 and 1, both excluded.");
        }
    }

    public static void Probability(double value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (!(value is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(name, value, "The value must be from 0 to 1.");
        }
    }

    public static void SameLength(int actual, int expected, string name)
    {
        if (actual != expected)
        {
            throw new ArgumentException($"There are {actual} values where {expected} are expected.", name);
        }
    }
}
