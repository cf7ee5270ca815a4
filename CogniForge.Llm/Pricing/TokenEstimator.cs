namespace CogniForge.Llm.Pricing;

/// <summary>Estimates tokens where nobody counts them: one token is about four characters of English text (OpenAI's rule of thumb).</summary>
internal static class TokenEstimator
{
    private const int CharactersPerToken = 4;

    /// <summary>The tokens of so many characters, rounded up.</summary>
    public static int Estimate(int characters) => (characters + CharactersPerToken - 1) / CharactersPerToken;

    /// <summary>The usage of an answer of which only the size is known.</summary>
    public static TokenUsage Usage(int inputCharacters, int outputCharacters) =>
        new(Estimate(inputCharacters), Estimate(outputCharacters), IsEstimated: true);
}
