namespace CogniForge.Llm.PassThrough;

internal static class PassThroughServiceCollectionExtensions
{
    public static void AddPassThrough(this IServiceCollection services)
    {
        services.AddSingleton<OwnIds>();
        services.AddSingleton<PassThroughTargets>();
        services.AddSingleton<PassThroughAttempt>();
        services.AddSingleton<PassThroughPipeline>();
    }
}
