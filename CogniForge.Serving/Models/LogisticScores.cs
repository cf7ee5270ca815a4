namespace CogniForge.Serving.Models;

/// <summary>The scores of a <see cref="LogisticModel"/> for a batch, in row order.</summary>
/// <param name="Probabilities">The probability of the second class, in [0, 1].</param>
/// <param name="Labels">The name of the likelier class.</param>
internal sealed record LogisticScores(double[] Probabilities, string[] Labels);
