namespace CogniForge.Llm.Pricing;

/// <summary>
/// Estimates tokens if the provider reports no usage: about four characters of English text each (OpenAI's rule of
/// thumb).
/// </summary>
internal static class TokenEstimator
{
    private const int CharactersPerToken = 4;

    /// <summary>Estimates the tokens of a text by its number of characters, rounded up.</summary>
    public static int Estimate(int characters) => (characters + CharactersPerToken - 1) / CharactersPerToken;

    /// <summary>Estimates the usage of a request and its response by their numbers of characters.</summary>
    public static TokenUsage Usage(int inputCharacters, int outputCharacters) =>
        new(Estimate(inputCharacters), Estimate(outputCharacters), IsEstimated: true);
}
