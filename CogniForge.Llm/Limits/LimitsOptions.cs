namespace CogniForge.Llm.Limits;

/// <summary>How limits are kept.</summary>
internal sealed class LimitsOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Limits";

    /// <summary>How long a request waits for Redis before it does without. Default: 250 ms.</summary>
    public TimeSpan RedisTimeout { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The part of a budget that each replica holds ready for the time that Redis is away, 0 to 0.25. Default: 0.05.</summary>
    public decimal Lease { get; set; } = 0.05m;
}
