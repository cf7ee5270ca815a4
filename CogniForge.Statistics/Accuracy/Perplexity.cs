namespace CogniForge.Statistics.Accuracy;

/// <summary>Perplexity exp(−mean log-probability of a token): at least 1, comparable for one tokenizer only.</summary>
/// <remarks>Definitions of Hugging Face's <c>evaluate</c> (metrics/perplexity). Pure, so thread-safe.</remarks>
public static class Perplexity
{
    /// <summary>Perplexity of one text.</summary>
    /// <param name="logProbabilities">Natural logarithm of the probability of each token, at most 0.</param>
    /// <returns>The perplexity; null without tokens.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A logarithm is above 0 or not finite.</exception>
    public static double? ForTokens(ReadOnlySpan<double> logProbabilities)
    {
        var sum = 0.0;
        foreach (var value in logProbabilities)
        {
            RequireLogProbability(value, nameof(logProbabilities));
            sum += value;
        }

        return logProbabilities.IsEmpty ? null : Math.Exp(-sum / logProbabilities.Length);
    }

    /// <summary>Perplexity of a corpus: exp(−total log-probability / total tokens), so long texts weigh more.</summary>
    /// <param name="texts">The likelihood of each text.</param>
    /// <returns>The perplexity; null without texts.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A likelihood is out of its range.</exception>
    public static double? ForCorpus(IReadOnlyCollection<TextLikelihood> texts)
    {
        Validate(texts);
        return texts.Count == 0
            ? null
            : Math.Exp(-texts.Sum(text => text.LogProbability) / texts.Sum(text => text.Tokens));
    }

    /// <summary>The plain mean of the texts' perplexities, called <c>mean_perplexity</c> by Hugging Face.</summary>
    /// <param name="texts">The likelihood of each text.</param>
    /// <returns>The mean; null without texts.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A likelihood is out of its range.</exception>
    public static double? MeanOverTexts(IReadOnlyCollection<TextLikelihood> texts)
    {
        Validate(texts);
        return texts.Count == 0 ? null : texts.Average(text => Math.Exp(-text.LogProbability / text.Tokens));
    }

    private static void Validate(IReadOnlyCollection<TextLikelihood> texts)
    {
        foreach (var text in texts)
        {
            RequireLogProbability(text.LogProbability, nameof(texts));
            ArgumentOutOfRangeException.ThrowIfLessThan(text.Tokens, 1, nameof(texts));
        }
    }

    private static void RequireLogProbability(double value, string name)
    {
        if (!(value <= 0 && double.IsFinite(value)))
        {
            throw new ArgumentOutOfRangeException(name, value, "A log-probability must be at most 0 and finite.");
        }
    }
}
