namespace CogniForge.Statistics.Accuracy;

/// <summary>The likelihood that a language model gives to one text.</summary>
/// <param name="LogProbability">Sum of the natural logarithms of the tokens' probabilities, at most 0.</param>
/// <param name="Tokens">Number of tokens with a probability, at least 1.</param>
public readonly record struct TextLikelihood(double LogProbability, long Tokens);
