using CogniForge.Llm.Providers.Mock;

namespace CogniForge.Llm.Providers;

internal static class ProvidersServiceCollectionExtensions
{
    public static void AddProviders(this IServiceCollection services)
    {
        services
            .AddOptionsWithValidateOnStart<MockOptions>()
            .BindConfiguration(MockOptions.SectionName, binder => binder.ErrorOnUnknownConfiguration = true)
            .Validate(o => o.Fault is null, "Mock: latencyMs, tokensPerSecond or failures is out of its range.");
        services.AddSingleton<ProviderApiKeys>();
        services.AddSingleton<IProviderClient, HttpProviderClient>();
        services.AddSingleton<IProviderClient, MockProviderClient>();
    }
}
