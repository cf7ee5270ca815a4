namespace CogniForge.Llm.Pricing;

/// <summary>Money in whole billionths of a USD, as budgets count it: integers add up exactly in every store.</summary>
internal static class NanoUsd
{
    /// <summary>More than any budget, and far from overflow when added.</summary>
    public const long Max = 1L << 52;

    private const decimal PerUsd = 1_000_000_000m;

    /// <summary>Converts from USD, rounding up to at most <see cref="Max"/>.</summary>
    public static long FromUsd(decimal usd) => (long)Math.Min(Max, decimal.Ceiling(usd * PerUsd));

    /// <summary>Converts to USD.</summary>
    public static decimal ToUsd(long nano) => nano / PerUsd;
}
