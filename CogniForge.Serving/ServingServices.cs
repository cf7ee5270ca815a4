using CogniForge.ServiceDefaults;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.Messaging;
using CogniForge.Serving.Api;
using CogniForge.Serving.Application;
using CogniForge.Serving.Domain.Inference;
using CogniForge.Serving.Infrastructure;

namespace CogniForge.Serving;

/// <summary>The service's own registrations.</summary>
internal static class ServingServices
{
    public static void AddServing(this IServiceCollection services, Stores stores)
    {
        services.AddProblemWriter<InferenceProtocolProblemWriter>();
        services.AddSingleton<RegisterModel>();
        services.AddSingleton<FindModel>();
        services.AddSingleton<Infer>();
        services.AddOutbox(stores);
        services.AddJournal<InferenceRecord, InferenceSink>();
        if (stores.Postgres)
        {
            services.AddSingleton<IModelStore, PostgresModelStore>();
            services.AddSingleton<IInferenceStore, PostgresInferenceStore>();
        }
        else
        {
            services.AddSingleton<IModelStore, InMemoryModelStore>();
            services.AddSingleton<IInferenceStore, InMemoryInferenceStore>();
        }
    }
}
