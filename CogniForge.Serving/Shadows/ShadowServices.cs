using CogniForge.Messaging.Journal;
using CogniForge.ServiceDefaults.Configuration;
using CogniForge.ServiceDefaults.Health;
using CogniForge.Serving.Models;

namespace CogniForge.Serving.Shadows;

/// <summary>Registers shadows.</summary>
internal static class ShadowServices
{
    public static void AddShadows(this IServiceCollection services, AvailableDependencies available)
    {
        services.AddValidatedOptions<ShadowOptions>(ShadowOptions.SectionName);
        services.AddSingleton<ShadowRegistry>();
        services.AddSingleton<IVersionUsage>(provider => provider.GetRequiredService<ShadowRegistry>());
        services.AddSingleton<ShadowTable>();
        services.AddHostedService(provider => provider.GetRequiredService<ShadowTable>());
        services.AddSingleton<ShadowMirror>();
        services.AddHostedService(provider => provider.GetRequiredService<ShadowMirror>());

        // Without the journal's health check: a replica that loses comparisons still answers.
        services.AddSingleton<IJournalSink<ShadowComparison>, ShadowSink>();
        services.AddSingleton<Journal<ShadowComparison>>();
        services.AddHostedService(provider => provider.GetRequiredService<Journal<ShadowComparison>>());
        services.AddHostedService<ShadowCleanUp>();
        if (available.Postgres)
        {
            services.AddSingleton<IShadowStore, PostgresShadowStore>();
        }
        else
        {
            services.AddSingleton<IShadowStore, InMemoryShadowStore>();
        }
    }
}
