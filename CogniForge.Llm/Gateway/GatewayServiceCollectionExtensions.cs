using CogniForge.Llm.Protocols.Json;
using CogniForge.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.Json;

namespace CogniForge.Llm.Gateway;

internal static class GatewayServiceCollectionExtensions
{
    public static void AddInference(this IServiceCollection services)
    {
        services.AddProblemWriter<WireProblemWriter>();
        services.Configure<JsonOptions>(o => o.SerializerOptions.MaxDepth = StrictJson.MaxDepth);
        services.AddSingleton<InferencePipeline>();
        services.AddSingleton<InferenceRecorderFactory>();
        services.AddSingleton<RequestGate>();
        services.AddSingleton<RequestExecutor>();
        services.AddSingleton<ProviderAttempt>();
        services.AddSingleton<ProviderCaller>();
        services.AddSingleton<TokenCounter>();
    }
}
