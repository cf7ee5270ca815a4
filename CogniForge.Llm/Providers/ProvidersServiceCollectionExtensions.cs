using CogniForge.Llm.Providers.Mock;
using CogniForge.ServiceDefaults.Configuration;

namespace CogniForge.Llm.Providers;

internal static class ProvidersServiceCollectionExtensions
{
    public static void AddProviders(this IServiceCollection services)
    {
        services
            .AddValidatedOptions<MockOptions>(MockOptions.SectionName)
            .Validate(o => o.Validate() is null, "Mock: latencyMs, tokensPerSecond or failures is out of range.");
        services.AddSingleton<ProviderApiKeys>();
        services.AddSingleton<IProviderClient, HttpProviderClient>();
        services.AddSingleton<IProviderClient, MockProviderClient>();
    }
}
