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

    /// <summary>Estimates what a provider does not report of a complete response.</summary>
    /// <param name="metadata">The metadata of the response; null: none.</param>
    /// <param name="request">The request.</param>
    /// <param name="output">The output; null: none.</param>
    /// <param name="model">The provider's name of the model.</param>
    /// <returns>The same object as the reported usage if that is complete.</returns>
    public static TokenUsage Complete(
        ResponseMetadata? metadata,
        InferenceRequest request,
        TextSample? output,
        string model
    ) => Complete(metadata?.Usage, request, output, model, metadata?.IsUsageProvisional != true);

    /// <summary>
    /// Estimates what a provider does not report. Before the end, providers report placeholders, such as the one
    /// output token at the start of Anthropic's streams. What was received counts if it is more, also where no output
    /// tokens are reported at all.
    /// </summary>
    /// <param name="reported">What the provider reports; null: nothing.</param>
    /// <param name="request">The request.</param>
    /// <param name="output">The output; null: none.</param>
    /// <param name="model">The provider's name of the model.</param>
    /// <param name="isFinal">Whether what is reported is final.</param>
    public static TokenUsage Complete(
        TokenUsage? reported,
        InferenceRequest request,
        TextSample? output,
        string model,
        bool isFinal
    )
    {
        if (reported is null)
        {
            return new(EstimateInput(request, model), EstimateOutput(output, model), IsEstimated: true);
        }

        var isTotal = reported.IsEstimated;

        // Nor is any input free, if a provider counts only the output.
        if (reported.Input == 0 && EstimateInput(request, model) is > 0 and var input)
        {
            reported = reported with { FreshInput = input, IsEstimated = true };
        }

        if (isFinal && reported.Output > 0)
        {
            return reported;
        }

        var estimate = EstimateOutput(output, model);
        if (reported.Output >= estimate)
        {
            return reported;
        }

        // Only a total is reported, of which the output is a part.
        var rest = reported.FreshInput - (isTotal ? estimate : 0);
        return reported with { FreshInput = Math.Max(0, rest), Output = estimate, IsEstimated = true };
    }
}
