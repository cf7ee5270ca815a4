namespace CogniForge.Statistics.Text;

/// <summary>A BLEU score.</summary>
/// <param name="Score">The score, from 0 to 100.</param>
/// <param name="Precisions">Smoothed precision of each n-gram order from 1 to 4, in percent.</param>
/// <param name="Matches">Matching n-grams of each order.</param>
/// <param name="Totals">N-grams of the hypotheses of each order.</param>
/// <param name="BrevityPenalty">Factor for hypotheses that are shorter than the references, in [0, 1].</param>
/// <param name="HypothesisLength">Tokens of all hypotheses.</param>
/// <param name="ReferenceLength">Tokens of the closest references.</param>
/// <param name="Signature">How the score was computed, in sacreBLEU's form without its version.</param>
public sealed record BleuResult(
    double Score,
    IReadOnlyList<double> Precisions,
    IReadOnlyList<long> Matches,
    IReadOnlyList<long> Totals,
    double BrevityPenalty,
    long HypothesisLength,
    long ReferenceLength,
    string Signature
);
