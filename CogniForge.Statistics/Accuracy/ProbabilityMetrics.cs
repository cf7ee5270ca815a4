namespace CogniForge.Statistics.Accuracy;

/// <summary>How good predicted probabilities are.</summary>
/// <remarks>Equal to scikit-learn's functions of the names in brackets. Pure, so thread-safe.</remarks>
public static class ProbabilityMetrics
{
    /// <summary>
    /// Probabilities are kept this far from 0 and 1 before the logarithm: 2⁻⁵², as scikit-learn does.
    /// </summary>
    private const double Epsilon = 2.220446049250313e-16;

    /// <summary>Log loss (cross-entropy) of two classes, in nats [<c>log_loss</c>].</summary>
    /// <param name="isPositive">Whether each row is positive.</param>
    /// <param name="probabilities">The predicted probability of positive, in [0, 1].</param>
    /// <returns>The mean loss, at least 0; null without rows.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A probability is outside [0, 1].</exception>
    public static double? LogLoss(ReadOnlySpan<bool> isPositive, ReadOnlySpan<double> probabilities)
    {
        Require.SameLength(probabilities.Length, isPositive.Length, nameof(probabilities));
        var sum = 0.0;
        for (var i = 0; i < probabilities.Length; i++)
        {
            Require.Probability(probabilities[i], nameof(probabilities));
            var probability = Math.Clamp(probabilities[i], Epsilon, 1 - Epsilon);
            sum -= isPositive[i] ? Math.Log(probability) : Math.Log(1 - probability);
        }

        return probabilities.IsEmpty ? null : sum / probabilities.Length;
    }

    /// <summary>Log loss of several classes, in nats [<c>log_loss</c>].</summary>
    /// <param name="classes">The class of each row, from 0.</param>
    /// <param name="probabilities">Row after row, the probability of each class, in [0, 1] and of sum 1.</param>
    /// <param name="classCount">Number of classes, at least 2.</param>
    /// <returns>The mean loss, at least 0; null without rows.</returns>
    /// <exception cref="ArgumentException">The lengths do not match.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A class or a probability is out of its range.</exception>
    public static double? LogLoss(ReadOnlySpan<int> classes, ReadOnlySpan<double> probabilities, int classCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 2);
        Require.SameLength(probabilities.Length, checked(classes.Length * classCount), nameof(probabilities));
        var sum = 0.0;
        for (var i = 0; i < classes.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(classes[i], nameof(classes));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(classes[i], classCount, nameof(classes));
            var probability = probabilities[(i * classCount) + classes[i]];
            Require.Probability(probability, nameof(probabilities));
            sum -= Math.Log(Math.Clamp(probability, Epsilon, 1 - Epsilon));
        }

        return classes.IsEmpty ? null : sum / classes.Length;
    }

    /// <summary>
    /// Brier score: the mean squared difference of probability and outcome [<c>brier_score_loss</c>].
    /// </summary>
    /// <param name="isPositive">Whether each row is positive.</param>
    /// <param name="probabilities">The predicted probability of positive, in [0, 1].</param>
    /// <returns>The score, in [0, 1], 0 being best; null without rows.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A probability is outside [0, 1].</exception>
    public static double? BrierScore(ReadOnlySpan<bool> isPositive, ReadOnlySpan<double> probabilities)
    {
        Require.SameLength(probabilities.Length, isPositive.Length, nameof(probabilities));
        var sum = 0.0;
        for (var i = 0; i < probabilities.Length; i++)
        {
            Require.Probability(probabilities[i], nameof(probabilities));
            var error = probabilities[i] - (isPositive[i] ? 1 : 0);
            sum += error * error;
        }

        return probabilities.IsEmpty ? null : sum / probabilities.Length;
    }
}
