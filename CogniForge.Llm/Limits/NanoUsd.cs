namespace CogniForge.Llm.Limits;

/// <summary>Money as budgets count it: whole billionths of a USD, so that every store adds them up exactly.</summary>
internal static class NanoUsd
{
    /// <summary>More than any budget, and still exact in a double, which is what Redis' scripts count with.</summary>
    public const long Max = 1L << 52;

    private const decimal PerUsd = 1_000_000_000m;

    /// <summary>An amount in USD, rounded up, at most <see cref="Max"/>.</summary>
    public static long FromUsd(decimal usd) => (long)Math.Min(Max, decimal.Ceiling(usd * PerUsd));

    /// <summary>An amount in USD.</summary>
    public static decimal ToUsd(long nano) => nano / PerUsd;
}
