using CogniForge.Llm.Providers.Mock;
using CogniForge.ServiceDefaults.Health;
using Microsoft.Extensions.Options;

namespace CogniForge.Llm.Configuration;

internal static class ConfigServiceCollectionExtensions
{
    public static void AddGatewayConfig(this IServiceCollection services, AvailableDependencies available)
    {
        services.AddSingleton(provider =>
            StartupConfigReader.Read(
                provider.GetRequiredService<IConfiguration>(),
                provider
                    .GetRequiredService<IOptions<MockOptions>>()
                    .Value.IsEnabledIn(provider.GetRequiredService<IHostEnvironment>())
            )
        );
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
