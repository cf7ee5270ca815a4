namespace CogniForge.ServiceDefaults.Health;

/// <summary>The servers that a service cannot work without. While any other one is away the service is degraded, not unhealthy.</summary>
[Flags]
public enum RequiredDependencies
{
    /// <summary>It can do without all of them for a while.</summary>
    None = 0,

    /// <summary>Its Postgres database.</summary>
    Postgres = 1,

    /// <summary>Redis.</summary>
    Redis = 2,

    /// <summary>RabbitMQ.</summary>
    RabbitMq = 4,
}
