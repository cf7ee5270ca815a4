using CogniForge.Messaging;
using CogniForge.ServiceDefaults.Configuration;
using CogniForge.ServiceDefaults.Health;
using CogniForge.Serving.Models;

namespace CogniForge.Serving.Experiments;

/// <summary>Registers experiments.</summary>
internal static class ExperimentServices
{
    public static void AddExperiments(this IServiceCollection services, AvailableDependencies available)
    {
        services.AddValidatedOptions<ExperimentOptions>(ExperimentOptions.SectionName);
        services.AddSingleton<ExperimentRegistry>();
        services.AddSingleton<IVersionUsage>(provider => provider.GetRequiredService<ExperimentRegistry>());
        services.AddSingleton<ExperimentCatalog>();
        services.AddSingleton<ExperimentAssigner>();
        services.AddJournal<Exposure, ExposureSink>();
        services.AddSingleton<ExperimentJob>();
        services.AddHostedService(provider => provider.GetRequiredService<ExperimentJob>());
        services.AddHostedService<ExperimentCleanUp>();
        if (available.Postgres)
        {
            services.AddSingleton<IExperimentStore, PostgresExperimentStore>();
            services.AddSingleton<IExperimentData, PostgresExperimentData>();
        }
        else
        {
            services.AddSingleton<InMemoryExperimentData>();
            services.AddSingleton<IExperimentData>(provider => provider.GetRequiredService<InMemoryExperimentData>());
            services.AddSingleton<IExperimentStore, InMemoryExperimentStore>();
        }
    }
}
