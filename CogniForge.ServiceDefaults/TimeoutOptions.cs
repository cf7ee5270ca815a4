using System.ComponentModel.DataAnnotations;
using CogniForge.ServiceDefaults.Configuration;

namespace CogniForge.ServiceDefaults;

/// <summary>
/// Timeouts of calls to Postgres, Redis and RabbitMQ (section <c>CogniForge:Timeouts</c>). They also apply when a proxy
/// accepts connections for a server that is down.
/// </summary>
public sealed class TimeoutOptions
{
    private const string Shortest = "00:00:00.1";
    private const string Second = "00:00:01";
    private const string Longest = "00:01:00";

    /// <summary>The timeout of the checks of <c>/health</c>, 0.1 to 60 s. Default: 3 s.</summary>
    [Range(typeof(TimeSpan), Shortest, Longest, ParseLimitsInInvariantCulture = true)]
    public TimeSpan Health { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// The time without a response after which Postgres counts as unavailable, 0.1 to 60 s. Default: 2 s.
    /// </summary>
    [Range(typeof(TimeSpan), Shortest, Longest, ParseLimitsInInvariantCulture = true)]
    public TimeSpan PostgresAnswer { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The timeout of connecting to Postgres, in whole seconds, 1 to 60 s. Default: 5 s. <c>Timeout</c> in the
    /// connection string takes precedence.
    /// </summary>
    [Range(typeof(TimeSpan), Second, Longest, ParseLimitsInInvariantCulture = true)]
    public TimeSpan PostgresConnect { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The timeout of a Redis command, 0.1 to 60 s. Default: 2 s. <c>asyncTimeout</c> or <c>syncTimeout</c> in the
    /// connection string takes precedence.
    /// </summary>
    [Range(typeof(TimeSpan), Shortest, Longest, ParseLimitsInInvariantCulture = true)]
    public TimeSpan RedisCommand { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The timeout of connecting to Redis, 0.1 to 60 s. Default: 2 s. <c>connectTimeout</c> in the connection string
    /// takes precedence.
    /// </summary>
    [Range(typeof(TimeSpan), Shortest, Longest, ParseLimitsInInvariantCulture = true)]
    public TimeSpan RedisConnect { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The maximum silence of RabbitMQ while a connection opens or closes, 0.1 to 60 s. Default: 3 s.
    /// </summary>
    [Range(typeof(TimeSpan), Shortest, Longest, ParseLimitsInInvariantCulture = true)]
    public TimeSpan RabbitMqConnect { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// The heartbeat of RabbitMQ connections, in whole seconds, 1 to 60 s. A connection is replaced after twice that
    /// time without data. Default: 10 s.
    /// </summary>
    [Range(typeof(TimeSpan), Second, Longest, ParseLimitsInInvariantCulture = true)]
    public TimeSpan RabbitMqHeartbeat { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The timeout of publishing an event, from connecting to the confirm, 0.1 to 60 s. Default: 5 s.
    /// </summary>
    [Range(typeof(TimeSpan), Shortest, Longest, ParseLimitsInInvariantCulture = true)]
    public TimeSpan RabbitMqPublish { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Reads the timeouts while the service is composed; they are validated at its start.</summary>
    /// <param name="configuration">The service's configuration.</param>
    public static TimeoutOptions Read(IConfiguration configuration) =>
        configuration.ReadOptions<TimeoutOptions>($"{CogniForgeOptions.SectionName}:Timeouts");
}
