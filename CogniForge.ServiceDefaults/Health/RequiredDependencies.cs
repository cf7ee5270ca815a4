namespace CogniForge.ServiceDefaults.Health;

/// <summary>The servers without which a service is unhealthy. Without any other server, it is degraded.</summary>
[Flags]
public enum RequiredDependencies
{
    /// <summary>None: the service bridges any outage for a while.</summary>
    None = 0,

    /// <summary>The service's Postgres database.</summary>
    Postgres = 1,

    /// <summary>Redis.</summary>
    Redis = 2,

    /// <summary>RabbitMQ.</summary>
    RabbitMq = 4,
}
