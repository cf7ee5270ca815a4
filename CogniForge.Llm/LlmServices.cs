using CogniForge.Llm.Api;
using CogniForge.Llm.Application;
using CogniForge.Llm.Application.Attempts;
using CogniForge.Llm.Application.Targets;
using CogniForge.Llm.Domain;
using CogniForge.Llm.Domain.Routing;
using CogniForge.Llm.Domain.Spending;
using CogniForge.Llm.Infrastructure;
using CogniForge.Llm.Infrastructure.Mock;
using CogniForge.Llm.Infrastructure.Upstream;
using CogniForge.ServiceDefaults;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.Messaging;

namespace CogniForge.Llm;

/// <summary>The gateway's own registrations.</summary>
internal static class LlmServices
{
    public static void AddLlm(this IServiceCollection services, Stores stores)
    {
        services.AddProblemWriter<WireProblemWriter>();
        services.AddSingleton<LlmTelemetry>();
        services.AddSingleton(provider => new CurrentSettings(Initial(provider.GetRequiredService<IConfiguration>())));

        services.AddOptionsWithValidateOnStart<MockOptions>().BindConfiguration(MockOptions.SectionName, binder => binder.ErrorOnUnknownConfiguration = true);
        services.AddSingleton<ProviderKeys>();
        services.AddSingleton<ITransport, HttpTransport>();
        services.AddSingleton<ITransport, MockTransport>();

        services.AddSingleton<TargetStates>();
        services.AddSingleton<Affinity>();
        services.AddSingleton<TargetCall>();
        services.AddSingleton<Gateway>();

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

    private static GatewaySettings Initial(IConfiguration configuration) =>
        new(new RouteTable(ConfiguredSettings.Providers(configuration), ConfiguredSettings.Routes(configuration)), new PriceTable([]));
}
