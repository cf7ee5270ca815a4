using CogniForge.Llm.Api;
using CogniForge.Llm.Application;
using CogniForge.Llm.Domain;
using CogniForge.Llm.Infrastructure;
using CogniForge.Llm.Infrastructure.Mock;
using CogniForge.ServiceDefaults;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.Messaging;

namespace CogniForge.Llm;

/// <summary>The gateway's own registrations.</summary>
internal static class LlmServices
{
    public static void AddLlm(this IServiceCollection services, Stores stores)
    {
        services.AddProblemWriter<OpenAiProblemWriter>();
        services.AddSingleton<LlmTelemetry>();
        services.AddSingleton<IChatTransport, MockTransport>();
        services.AddSingleton<CompleteChat>();
        services.AddJournal<CompletionRecord, CompletionSink>();
        if (stores.Postgres)
        {
            services.AddSingleton<ICompletionStore, PostgresCompletionStore>();
        }
        else
        {
            services.AddSingleton<ICompletionStore, InMemoryCompletionStore>();
        }
    }
}
