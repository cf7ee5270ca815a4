using CogniForge.ServiceDefaults.Health;

namespace CogniForge.Llm.ProviderState;

internal static class ProviderStateServiceCollectionExtensions
{
    public static void AddProviderState(this IServiceCollection services, AvailableDependencies available)
    {
        services.AddSingleton<StatefulReferenceChecker>();
        services.AddSingleton<ProviderStateRecorder>();
        if (available.Postgres)
        {
            services.AddSingleton<IProviderStateStore, PostgresProviderStateStore>();
            services.AddHostedService<ProviderStateCleanUp>();
        }
        else
        {
            services.AddSingleton<IProviderStateStore, InMemoryProviderStateStore>();
        }
    }
}
