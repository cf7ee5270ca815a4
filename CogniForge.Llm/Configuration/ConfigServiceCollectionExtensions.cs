using CogniForge.ServiceDefaults.Health;

namespace CogniForge.Llm.Configuration;

internal static class ConfigServiceCollectionExtensions
{
    public static void AddGatewayConfig(this IServiceCollection services, AvailableDependencies available)
    {
        services.AddSingleton(provider => StartupConfigReader.Read(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton<ConfigMerger>();
        services.AddSingleton(provider => new CurrentConfig(provider.GetRequiredService<ConfigMerger>().Merge([])));
        services.AddSingleton<ConfigReloader>();
        services.AddSingleton<ConfigEditor>();
        if (available.Postgres)
        {
            services.AddSingleton<IConfigStore, PostgresConfigStore>();
            services.AddHostedService<PostgresConfigWatcher>();
        }
        else
        {
            services.AddSingleton<IConfigStore, InMemoryConfigStore>();
        }
    }
}
