namespace CogniForge.ServiceDefaults.Health;

/// <summary>Which of the servers this process has a connection string for. What is missing runs in memory.</summary>
/// <param name="Postgres">Whether the service's database is a Postgres one.</param>
/// <param name="Redis">Whether there is a Redis cache.</param>
/// <param name="RabbitMq">Whether there is a RabbitMQ broker.</param>
public sealed record AvailableDependencies(bool Postgres, bool Redis, bool RabbitMq)
{
    /// <summary>The name of the Redis resource.</summary>
    public const string Cache = "cache";

    /// <summary>The name of the RabbitMQ resource.</summary>
    public const string Broker = "messaging";

    /// <summary>
    /// Reads which connection strings there are.
    /// </summary>
    /// <exception cref="InvalidOperationException">One is missing and memory is not allowed to replace it.</exception>
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
                $"No connection string for {string.Join(", ", missing)}. Set ConnectionStrings__<name>, or CogniForge__InMemory=true to keep data in memory."
            );
    }

    /// <summary>The names of the connection strings that are missing.</summary>
    internal IReadOnlyList<string> Missing(string database) =>
        [
            .. new[] { (database, Postgres), (Cache, Redis), (Broker, RabbitMq) }
                .Where(s => !s.Item2)
                .Select(s => s.Item1),
        ];
}
