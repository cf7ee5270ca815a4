using Aspire.StackExchange.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Microsoft.Extensions.Hosting;

public static class AspireRedisExtensions
{
    private const string Section = "Aspire:StackExchange:Redis";

    public static void AddRedisClient(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);

        IConfigurationSection[] sections =
            [builder.Configuration.GetSection(Section), builder.Configuration.GetSection($"{Section}:{connectionName}")];
        var settings = new StackExchangeRedisSettings();
        foreach (var section in sections)
            section.Bind(settings);
        settings.ConnectionString = builder.Configuration.GetConnectionString(connectionName) ?? settings.ConnectionString;
        configureSettings?.Invoke(settings);

        builder.Services.AddSingleton<IConnectionMultiplexer>(_ =>
        {
            var options = Options(settings.ConnectionString);
            foreach (var section in sections)
                section.GetSection("ConfigurationOptions").Bind(options);
            configureOptions?.Invoke(options);
            if (options.EndPoints.Count == 0)
                throw new InvalidOperationException($"There is no Redis endpoint: set 'ConnectionStrings:{connectionName}' or '{Section}:ConnectionString'.");
            return ConnectionMultiplexer.Connect(options);
        });

        if (!settings.DisableHealthChecks)
            builder.TryAddHealthCheck("StackExchange.Redis", services => Ping(services));
    }

    // Unless the connection string says otherwise, a Redis that is away is waited for in the background.
    private static ConfigurationOptions Options(string? connectionString)
    {
        var options = connectionString is null ? new ConfigurationOptions() : ConfigurationOptions.Parse(connectionString);
        if (connectionString?.Contains("abortConnect", StringComparison.OrdinalIgnoreCase) != true)
            options.AbortOnConnectFail = false;
        return options;
    }

    // Asked for inside the check: making the connection is part of what is checked.
    private static Func<CancellationToken, Task> Ping(IServiceProvider services) => async cancellationToken =>
    {
        var connection = services.GetRequiredService<IConnectionMultiplexer>();
        await connection.GetDatabase().PingAsync().WaitAsync(cancellationToken);
        foreach (var endPoint in connection.GetEndPoints(configuredOnly: true))
            await connection.GetServer(endPoint).PingAsync().WaitAsync(cancellationToken);
    };
}
