namespace CogniForge.Statistics.Text;

/// <summary>What BLEU does with n-gram orders without a match.</summary>
/// <remarks>Source: Chen and Cherry, <i>A Systematic Comparison of Smoothing Techniques for Sentence-Level BLEU</i>
/// (WMT 2014).</remarks>
public enum BleuSmoothing
{
    /// <summary>The k-th such order counts as 1/2ᵏ matches: method 3, sacreBLEU's default.</summary>
    Exponential,

    /// <summary>Nothing: the score is 0.</summary>
    None,

    /// <summary>A small number, 0.1 by default, replaces 0 matches: method 1.</summary>
    Floor,

    /// <summary>A number, 1 by default, is added to matches and totals above order 1: method 2.</summary>
    AddK,
}
