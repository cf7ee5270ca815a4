namespace CogniForge.Serving.Metrics.Accuracy;

/// <summary>How close texts are to their references, and how likely the model found them.</summary>
/// <param name="Count">The texts with a reference that were compared: the newest, at most 1,000.</param>
/// <param name="Bleu">Corpus BLEU as sacreBLEU computes it, 0 to 100; null: no text has a reference.</param>
/// <param name="BleuSignature">How BLEU was computed, in sacreBLEU's form.</param>
/// <param name="Rouge1">The mean ROUGE-1 of the texts.</param>
/// <param name="Rouge2">The mean ROUGE-2 of the texts.</param>
/// <param name="RougeL">The mean ROUGE-L of the texts.</param>
/// <param name="Perplexity">exp(−total log-probability / total tokens), at least 1; null: no likelihoods.</param>
/// <param name="MeanPerplexity">The plain mean of the texts' perplexities.</param>
internal sealed record TextAccuracy(
    int Count,
    double? Bleu,
    string? BleuSignature,
    RougeMean? Rouge1,
    RougeMean? Rouge2,
    RougeMean? RougeL,
    double? Perplexity,
    double? MeanPerplexity
);
