using CogniForge.ServiceDefaults.Configuration;
using CogniForge.ServiceDefaults.Health;
using Microsoft.Extensions.Options;

namespace CogniForge.Serving.Artifacts;

/// <summary>Registers the store of artefacts.</summary>
internal static class ArtifactServices
{
    public static void AddArtifacts(this IServiceCollection services, AvailableDependencies available)
    {
        services.AddValidatedOptions<ArtifactOptions>(ArtifactOptions.SectionName);
        services.AddSingleton<IArtifactStore>(provider =>
            available.Postgres
            && provider.GetRequiredService<IOptions<ArtifactOptions>>().Value.Directory is null
                ? ActivatorUtilities.CreateInstance<PostgresArtifactStore>(provider)
                : ActivatorUtilities.CreateInstance<DirectoryArtifactStore>(provider)
        );
        services.AddSingleton<ArtifactCleanUp>();
        services.AddHostedService(provider => provider.GetRequiredService<ArtifactCleanUp>());
    }
}
