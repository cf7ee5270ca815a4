namespace CogniForge.ServiceDefaults.Health;

/// <summary>The servers with a connection string. Memory replaces the others.</summary>
/// <param name="Postgres">Whether the service has a Postgres database.</param>
/// <param name="Redis">Whether Redis is available.</param>
/// <param name="RabbitMq">Whether RabbitMQ is available.</param>
public sealed record AvailableDependencies(bool Postgres, bool Redis, bool RabbitMq)
{
    /// <summary>The name of the Redis resource.</summary>
    public const string Cache = "cache";

    /// <summary>The name of the RabbitMQ resource.</summary>
    public const string Broker = "messaging";

    /// <exception cref="InvalidOperationException">
    /// A connection string is missing, and memory must not replace the server.
    /// </exception>
    internal static AvailableDependencies Detect(
        IConfiguration configuration,
        IHostEnvironment environment,
        CogniForgeOptions options,
        string database
    )
    {
        bool Has(string name) => !string.IsNullOrEmpty(configuration.GetConnectionString(name));
        var available = new AvailableDependencies(Has(database), Has(Cache), Has(Broker));
        var missing = available.Missing(database);
        return missing.Count == 0 || options.InMemory || environment.IsDevelopment()
            ? available
            : throw new InvalidOperationException(
                $"No connection string for {string.Join(", ", missing)}. Set ConnectionStrings__<name>, "
                    + "or CogniForge__InMemory=true to keep data in memory."
            );
    }

    /// <summary>The names of the missing connection strings.</summary>
    internal IReadOnlyList<string> Missing(string database) =>
        [
            .. new[] { (database, Postgres), (Cache, Redis), (Broker, RabbitMq) }
                .Where(s => !s.Item2)
                .Select(s => s.Item1),
        ];
}
