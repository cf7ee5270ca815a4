namespace CogniForge.Serving.Metrics.Judging;

/// <summary>How models of the gateway find the texts of a window.</summary>
/// <param name="Model">The model whose texts were evaluated.</param>
/// <param name="Version">The version; null: all.</param>
/// <param name="From">The start of the window, included.</param>
/// <param name="To">The end of the window, excluded.</param>
/// <param name="Texts">The texts with a reference that were evaluated.</param>
/// <param name="Judge">The grades from 1, worst, to 5; null: no judge was asked for.</param>
/// <param name="Similarity">The cosine of the embeddings of text and reference, −1 to 1; null: likewise.</param>
internal sealed record TextEvaluation(
    string Model,
    int? Version,
    DateTimeOffset From,
    DateTimeOffset To,
    int Texts,
    TextScores? Judge,
    TextScores? Similarity
);
