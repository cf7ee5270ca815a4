namespace CogniForge.Statistics.Text;

/// <summary>How BLEU splits a text into tokens.</summary>
public enum BleuTokenizer
{
    /// <summary>WMT's mteval-v13a, sacreBLEU's default, for languages that separate words by spaces.</summary>
    Mteval13a,

    /// <summary>At white space only, for text that is tokenized already.</summary>
    None,

    /// <summary>Into Unicode characters, without white space.</summary>
    Characters,
}
