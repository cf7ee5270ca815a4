using CogniForge.Serving.Metrics.Predictions;
using CogniForge.Statistics.Accuracy;
using CogniForge.Statistics.Text;

namespace CogniForge.Serving.Metrics.Accuracy;

/// <summary>Computes BLEU, ROUGE and perplexity.</summary>
internal static class TextEvaluator
{
    public const int MaxTexts = 1_000;

    // The time of ROUGE-L grows with the product of the lengths: about a second for so many characters squared.
    private const long MaxWork = 10_000_000_000;

    private static readonly RougeOptions _rouge = new() { Tokenizer = RougeTokenizer.Unicode };

    /// <summary>Evaluates the newest texts; null: no prediction has a text with a reference, or a likelihood.</summary>
    public static TextAccuracy? Evaluate(IReadOnlyList<Prediction> predictions, CancellationToken cancellationToken)
    {
        var pairs = TakePairs(predictions);
        var likelihoods = predictions
            .Where(p => p is { LogProbability: not null, OutputTokens: > 0 })
            .Select(p => new TextLikelihood(p.LogProbability!.Value, p.OutputTokens!.Value))
            .ToList();
        if (pairs.Count == 0 && likelihoods.Count == 0)
        {
            return null;
        }

        var bleu = Bleu.ScoreCorpus(
            [.. pairs.Select(p => p.Text)],
            [.. pairs.Select(p => (IReadOnlyList<string>)[p.Reference])]
        );
        var rouge = new List<RougeResult>();
        foreach (var (text, reference) in pairs)
        {
            cancellationToken.ThrowIfCancellationRequested();
            rouge.Add(Rouge.Score(reference, text, _rouge));
        }

        return new(
            pairs.Count,
            bleu?.Score,
            bleu?.Signature,
            RougeMean.From([.. rouge.Select(r => r.Rouge1)]),
            RougeMean.From([.. rouge.Select(r => r.Rouge2)]),
            RougeMean.From([.. rouge.Select(r => r.RougeL)]),
            FiniteOrNull(Perplexity.ForCorpus(likelihoods)),
            FiniteOrNull(Perplexity.MeanOverTexts(likelihoods))
        );
    }

    private static List<(string Text, string Reference)> TakePairs(IReadOnlyList<Prediction> predictions)
    {
        var pairs = new List<(string Text, string Reference)>();
        var work = 0L;
        foreach (var prediction in predictions)
        {
            if (prediction is { Output.Text: { } text, Actual.Text: { } reference })
            {
                work += (long)text.Length * reference.Length;
                if (pairs.Count == MaxTexts || (work > MaxWork && pairs.Count > 0))
                {
                    break;
                }

                pairs.Add((text, reference));
            }
        }

        return pairs;
    }

    // JSON has no infinity, which the exponential of a very unlikely text is.
    private static double? FiniteOrNull(double? value) => value is { } v && double.IsFinite(v) ? v : null;
}
