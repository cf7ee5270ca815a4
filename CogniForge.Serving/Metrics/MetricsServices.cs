using CogniForge.ServiceDefaults.Configuration;
using CogniForge.ServiceDefaults.Health;
using CogniForge.Serving.Inference;
using CogniForge.Serving.Metrics.Drift;
using CogniForge.Serving.Metrics.Fairness;
using CogniForge.Serving.Metrics.Judging;
using CogniForge.Serving.Metrics.Performance;
using CogniForge.Serving.Metrics.Predictions;
using CogniForge.Serving.Models;

namespace CogniForge.Serving.Metrics;

/// <summary>Registers the measurement of models, and maps its endpoints.</summary>
internal static class MetricsServices
{
    public static void AddMetrics(this IServiceCollection services, AvailableDependencies available)
    {
        services.AddValidatedOptions<MetricsOptions>(MetricsOptions.SectionName);
        services.AddSingleton<MetricsReader>();
        services.AddSingleton<PredictionCapture>();
        services.AddSingleton<IInferenceObserver>(provider => provider.GetRequiredService<PredictionCapture>());
        services.AddHostedService(provider => provider.GetRequiredService<PredictionCapture>());
        services.AddSingleton<TextJudge>();
        services.AddSingleton<DriftMonitor>();
        services.AddHostedService<DriftJob>();
        services.AddHostedService<MetricsRetention>();
        if (available.Postgres)
        {
            services.AddSingleton<IDriftStore, PostgresDriftStore>();
            services.AddSingleton<IPredictionStore, PostgresPredictionStore>();
        }
        else
        {
            services.AddSingleton<IDriftStore, InMemoryDriftStore>();
            services.AddSingleton<IPredictionStore, InMemoryPredictionStore>();
        }
    }

    public static void MapMetrics(this IEndpointRouteBuilder endpoints)
    {
        var model = endpoints
            .MapGroup($"{RegistryEndpoints.Path}/{{name}}")
            .WithTags("Metrics")
            .AddEndpointFilter<RouteGroupBuilder, RegistryErrorFilter>();
        model.MapPredictions();
        model.MapReports();
        model.MapDrift();
        model.MapFairness();
        model.MapPerformance();
        model.MapJudging();
    }
}
