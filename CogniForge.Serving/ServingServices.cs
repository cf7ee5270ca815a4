using CogniForge.Messaging;
using CogniForge.ServiceDefaults.Configuration;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Health;
using CogniForge.ServiceDefaults.Http;
using CogniForge.Serving.Artifacts;
using CogniForge.Serving.Experiments;
using CogniForge.Serving.Inference;
using CogniForge.Serving.Loading;
using CogniForge.Serving.Metrics;
using CogniForge.Serving.Metrics.Predictions;
using CogniForge.Serving.Models;
using CogniForge.Serving.Routing;
using CogniForge.Serving.Rpc;
using CogniForge.Serving.Runners;
using CogniForge.Serving.Runners.Ensembles;
using CogniForge.Serving.Runners.LanguageModels;
using CogniForge.Serving.Runners.Remote;
using CogniForge.Serving.Shadows;
using CogniForge.Serving.Tracking;

namespace CogniForge.Serving;

/// <summary>Registers the services of model serving.</summary>
internal static class ServingServices
{
    public static void AddServing(this IServiceCollection services, AvailableDependencies available)
    {
        services.AddValidatedOptions<InferenceOptions>(InferenceOptions.SectionName);
        services.AddInferenceGrpc();
        services.AddProblemWriter<InferenceProtocolProblemWriter>();
        services.AddSingleton<RegistryEvents>();
        services.AddSingleton<ModelRegistry>();
        services.AddSingleton<VersionRegistry>();
        services.AddSingleton<AliasRegistry>();
        services.AddSingleton<IVersionUsage, EnsembleUsage>();
        services.AddSingleton<EnsembleMembersValidator>();
        services.AddSingleton<ModelCatalog>();
        services.AddArtifacts(available);
        services.AddTracking(available);
        services.AddRouting(available);
        services.AddExperiments(available);
        services.AddShadows(available);
        services.AddMetrics(available);
        services.AddSingleton<InferenceHandler>();
        services.AddSingleton<InferenceRecorder>();
        services.AddSingleton<RepositoryIndex>();
        services.AddSingleton<RunnerFactory>();
        services.AddSingleton<MemberModels>();
        services.AddSingleton<MemberInvoker>(provider => provider.GetRequiredService<MemberModels>().InferAsync);
        services.AddSingleton<ModelSources>();
        services.AddSingleton<ModelRepository>();
        services.AddSingleton<InputLookup>(provider =>
            version => provider.GetRequiredService<ModelRepository>().FindRunner(version)?.Inputs ?? []
        );
        services.AddSingleton<IVersionLoader>(provider => provider.GetRequiredService<ModelRepository>());
        services.AddHostedService<ModelPreloader>();
        services.AddRemoteModels();
        services.AddHttpClient(LanguageModelRunner.Client).ForServiceByServiceKey("llm");
        services.AddOutbox(available);
        services.AddJournal<InferenceRecord, InferenceSink>();
        if (available.Postgres)
        {
            services.AddSingleton<IModelStore, PostgresModelStore>();
            services.AddSingleton<IInferenceStore, PostgresInferenceStore>();
        }
        else
        {
            services.AddSingleton<IModelStore, InMemoryModelStore>();
            services.AddSingleton<InMemoryInferenceStore>();
            services.AddSingleton<IInferenceStore>(provider => provider.GetRequiredService<InMemoryInferenceStore>());
        }
    }
}
