namespace CogniForge.Statistics.Text;

/// <summary>Options of ROUGE; the defaults are those of Google's <c>rouge_score</c>.</summary>
public sealed record RougeOptions
{
    /// <summary>How texts are split into tokens.</summary>
    public RougeTokenizer Tokenizer { get; init; }

    /// <summary>Whether English tokens of more than three letters are reduced to their stems.</summary>
    public bool UseStemmer { get; init; }
}
