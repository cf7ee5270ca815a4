namespace CogniForge.Llm.Limits;

/// <summary>The options of limits and budgets.</summary>
internal sealed class LimitsOptions
{
    public const string SectionName = "Limits";

    /// <summary>
    /// How long a request waits for Redis before this replica keeps rates alone. Above 0, at most 10 s. Default: 250
    /// ms.
    /// </summary>
    public TimeSpan RedisTimeout { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// The largest part of a budget that a replica leases for requests to come, 0 to 0.25. A larger one outlasts a
    /// longer outage of Postgres. Default: 0.05.
    /// </summary>
    public decimal Lease { get; set; } = 0.05m;
}
