using CogniForge.Llm.Providers.Mock;
using CogniForge.ServiceDefaults.Configuration;
using CogniForge.ServiceDefaults.Http;

namespace CogniForge.Llm.Providers;

internal static class ProvidersServiceCollectionExtensions
{
    public static void AddProviders(this IServiceCollection services)
    {
        services
            .AddValidatedOptions<MockOptions>(MockOptions.SectionName)
            .Validate(o => o.Validate() is null, "Mock: latencyMs, tokensPerSecond or failures is out of range.");
        services
            .AddValidatedOptions<OutboundOptions>(OutboundOptions.SectionName)
            .Validate<IConfiguration>(
                (o, configuration) => OutboundProxy.IsValid(o.Proxy, name => configuration[name]),
                $"Outbound:Proxy {OutboundProxy.Rule}."
            );
        services.AddValidatedOptions<ModelListOptions>(ModelListOptions.SectionName);
        services.AddSingleton<ProviderApiKeys>();
        services.AddSingleton<ProviderConnections>();
        services.AddSingleton<ProviderModels>();
        services.AddSingleton<IProviderClient, HttpProviderClient>();
        services.AddSingleton<IProviderClient, MockProviderClient>();
    }
}
