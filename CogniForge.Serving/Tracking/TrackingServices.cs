using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Health;

namespace CogniForge.Serving.Tracking;

/// <summary>Registers experiments and runs.</summary>
internal static class TrackingServices
{
    public static void AddTracking(this IServiceCollection services, AvailableDependencies available)
    {
        services.AddProblemWriter<MlflowProblemWriter>();
        if (available.Postgres)
        {
            services.AddSingleton<ITrackingStore, PostgresTrackingStore>();
        }
        else
        {
            services.AddSingleton<ITrackingStore, InMemoryTrackingStore>();
        }
    }
}
