using CogniForge.Llm.Gateway;
using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.Pricing;

/// <summary>Estimates tokens where no provider counts them, by the model's own tokenizer if it is known.</summary>
internal static class TokenEstimator
{
    private const int CharactersPerToken = 4;

    /// <summary>
    /// Estimates the tokens of a text by its number of characters, rounded up: by OpenAI's rule of thumb, four each.
    /// For rates and the mock.
    /// </summary>
    public static int Estimate(int characters) => (characters + CharactersPerToken - 1) / CharactersPerToken;

    /// <summary>Estimates the input tokens of a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="model">The provider's name of the model.</param>
    public static int EstimateInput(InferenceRequest request, string model)
    {
        var tally = new TokenTally(Tokenizers.Find(model), request.InputCharacters);
        InputText.Read(request, tally);
        return tally.Total;
    }

    /// <summary>Estimates the tokens of an output by its beginning.</summary>
    /// <param name="output">The output; null: none.</param>
    /// <param name="model">The provider's name of the model.</param>
    public static int EstimateOutput(TextSample? output, string model)
    {
        if (output is null || output.Characters == 0)
        {
            return 0;
        }

        var tally = new TokenTally(Tokenizers.Find(model), output.SampledCharacters);
        tally.Add(output.Text);
        return (int)Math.Ceiling(tally.Total * (output.Characters / (double)Math.Max(1, output.SampledCharacters)));
    }

    /// <summary>Estimates the usage of a request and its response.</summary>
    public static TokenUsage Estimate(InferenceRequest request, TextSample? output, string model) =>
        new(EstimateInput(request, model), EstimateOutput(output, model), IsEstimated: true);
}
