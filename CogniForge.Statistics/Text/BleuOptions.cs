namespace CogniForge.Statistics.Text;

/// <summary>Options of BLEU; the defaults are sacreBLEU's.</summary>
public sealed record BleuOptions
{
    /// <summary>How texts are split into tokens.</summary>
    public BleuTokenizer Tokenizer { get; init; }

    /// <summary>How orders without matches are smoothed.</summary>
    public BleuSmoothing Smoothing { get; init; }

    /// <summary>The value for floor (default 0.1) or add-k (default 1), positive.</summary>
    public double? SmoothingValue { get; init; }

    /// <summary>
    /// Whether orders longer than the hypothesis are left out. Off for a corpus; null means on for a single sentence.
    /// </summary>
    public bool? UseEffectiveOrder { get; init; }

    /// <summary>Whether case is ignored.</summary>
    public bool Lowercase { get; init; }

    internal double SmoothingValueOrDefault => SmoothingValue ?? (Smoothing == BleuSmoothing.Floor ? 0.1 : 1);
}
