using CogniForge.ServiceDefaults.Health;
using CogniForge.Serving.Models;
using CogniForge.Serving.Routing.Canaries;

namespace CogniForge.Serving.Routing;

/// <summary>Registers the router.</summary>
internal static class RoutingServices
{
    public static void AddRouting(this IServiceCollection services, AvailableDependencies available)
    {
        services.AddSingleton<RoutingRegistry>();
        services.AddSingleton<IVersionUsage>(provider => provider.GetRequiredService<RoutingRegistry>());
        services.AddSingleton<IAliasUsage>(provider => provider.GetRequiredService<RoutingRegistry>());
        services.AddSingleton<TrafficRegistry>();
        services.AddSingleton<ModelRoutes>();
        services.AddSingleton<Router>();
        services.AddSingleton<CanaryRecorders>();
        services.AddSingleton<CanaryReporter>();
        services.AddHostedService(provider => provider.GetRequiredService<CanaryReporter>());
        services.AddSingleton<CanaryJob>();
        services.AddHostedService(provider => provider.GetRequiredService<CanaryJob>());
        if (available.Postgres)
        {
            services.AddSingleton<ICanaryStore, PostgresCanaryStore>();
            services.AddSingleton<IRoutingStore, PostgresRoutingStore>();
        }
        else
        {
            services.AddSingleton<ICanaryStore, InMemoryCanaryStore>();
            services.AddSingleton<IRoutingStore, InMemoryRoutingStore>();
        }
    }
}
