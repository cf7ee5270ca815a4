namespace CogniForge.Llm.Resilience;

internal static class ResilienceServiceCollectionExtensions
{
    public static void AddResilience(this IServiceCollection services)
    {
        services.AddSingleton<FallbackExecutor>();
        services.AddSingleton<TargetHealthRegistry>();
    }
}
