using System.ComponentModel.DataAnnotations;

namespace CogniForge.ServiceDefaults;

/// <summary>
/// How long the service waits for its servers (section <c>CogniForge:Timeouts</c>). They hold too where a proxy or a balancer
/// accepts connections for a server that is gone, and sends nothing.
/// </summary>
public sealed class TimeoutOptions
{
    private const string Shortest = "00:00:00.1";
    private const string Second = "00:00:01";
    private const string Longest = "00:01:00";

    /// <summary>How long <c>/health</c> waits for its checks, 0.1 to 60 s. Default: 3 s.</summary>
    [Range(typeof(TimeSpan), Shortest, Longest, ParseLimitsInInvariantCulture = true)]
    public TimeSpan Health { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>After how long without an answer Postgres counts as away, 0.1 to 60 s. Default: 2 s.</summary>
    [Range(typeof(TimeSpan), Shortest, Longest, ParseLimitsInInvariantCulture = true)]
    public TimeSpan PostgresAnswer { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long one attempt to reach Postgres may take, in whole seconds, 1 to 60 s. Default: 5 s. <c>Timeout</c> in the
    /// connection string goes before it.
    /// </summary>
    [Range(typeof(TimeSpan), Second, Longest, ParseLimitsInInvariantCulture = true)]
    public TimeSpan PostgresConnect { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a command waits for Redis, 0.1 to 60 s. Default: 2 s. <c>asyncTimeout</c> or <c>syncTimeout</c> in the
    /// connection string goes before it.
    /// </summary>
    [Range(typeof(TimeSpan), Shortest, Longest, ParseLimitsInInvariantCulture = true)]
    public TimeSpan RedisCommand { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long one attempt to reach Redis may take, 0.1 to 60 s. Default: 2 s. <c>connectTimeout</c> in the connection
    /// string goes before it.
    /// </summary>
    [Range(typeof(TimeSpan), Shortest, Longest, ParseLimitsInInvariantCulture = true)]
    public TimeSpan RedisConnect { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long RabbitMQ may be silent while a connection is made or closed, 0.1 to 60 s. Default: 3 s.</summary>
    [Range(typeof(TimeSpan), Shortest, Longest, ParseLimitsInInvariantCulture = true)]
    public TimeSpan RabbitMqConnect { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// The heartbeat of connections to RabbitMQ, in whole seconds, 1 to 60 s: one that is silent for twice that long is
    /// replaced. Default: 10 s.
    /// </summary>
    [Range(typeof(TimeSpan), Second, Longest, ParseLimitsInInvariantCulture = true)]
    public TimeSpan RabbitMqHeartbeat { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long an event may take until RabbitMQ has confirmed it, connecting included, 0.1 to 60 s. Default: 5 s.
    /// </summary>
    [Range(typeof(TimeSpan), Shortest, Longest, ParseLimitsInInvariantCulture = true)]
    public TimeSpan RabbitMqPublish { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Reads the timeouts of a service while it is composed; validated at its start.</summary>
    /// <param name="configuration">The service's configuration.</param>
    public static TimeoutOptions Read(IConfiguration configuration) =>
        configuration.GetSection($"{CogniForgeOptions.SectionName}:Timeouts").Get<TimeoutOptions>() ?? new();
}
