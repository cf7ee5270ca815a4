namespace CogniForge.Statistics.Text;

/// <summary>How ROUGE splits a text into tokens, after lowering its case.</summary>
public enum RougeTokenizer
{
    /// <summary>Runs of a–z and 0–9, as the original: text in other scripts has no tokens and scores 0.</summary>
    Ascii,

    /// <summary>Runs of letters, marks and digits of any script; each ideograph and kana is a token.</summary>
    Unicode,
}
