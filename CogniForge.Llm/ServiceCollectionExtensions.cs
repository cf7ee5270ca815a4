using CogniForge.Llm.Caching;
using CogniForge.Llm.Configuration;
using CogniForge.Llm.Gateway;
using CogniForge.Llm.Limits;
using CogniForge.Llm.PassThrough;
using CogniForge.Llm.Providers;
using CogniForge.Llm.ProviderState;
using CogniForge.Llm.RequestLog;
using CogniForge.Llm.Resilience;
using CogniForge.Llm.Routing;
using CogniForge.Llm.Telemetry;
using CogniForge.ServiceDefaults.Health;

namespace CogniForge.Llm;

internal static class ServiceCollectionExtensions
{
    public static void AddLlmGateway(this IServiceCollection services, AvailableDependencies available)
    {
        services.AddGatewayConfig(available);
        services.AddInference();
        services.AddPassThrough();
        services.AddSingleton<ConversationAffinity>();
        services.AddResilience();
        services.AddProviders();
        services.AddLimits(available);
        services.AddProviderState(available);
        services.AddResponseCache(available);
        services.AddRequestLog(available);
        services.AddSingleton<GatewayTelemetry>();
    }
}
