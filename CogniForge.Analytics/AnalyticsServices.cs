using CogniForge.Analytics.Activity;
using CogniForge.Analytics.Ingestion;
using CogniForge.Messaging;
using CogniForge.ServiceDefaults.Configuration;
using CogniForge.ServiceDefaults.Health;

namespace CogniForge.Analytics;

/// <summary>Registers the services of analytics.</summary>
internal static class AnalyticsServices
{
    public static void AddAnalytics(this IServiceCollection services, AvailableDependencies available)
    {
        services.AddValidatedOptions<EventsOptions>(EventsOptions.SectionName);
        services.AddSingleton<EventReserve>();
        services.AddSingleton<EventCollector>();
        services.AddEventHandler<UserEventConsumer>(
            available,
            new Subscription("analytics.events", EventCollector.EventType)
        );
        services.AddEventHandler<UserEventConsumer>(
            available,
            new Subscription("analytics.events.reserve", EventCollector.ReserveEventType)
        );
        services.AddEventHandler<CompletionConsumer>(
            available,
            new Subscription("analytics.completions", "llm.completion.recorded.v1")
        );
        services.AddEventHandler<InferenceConsumer>(
            available,
            new Subscription("analytics.inferences", "serving.inference.recorded.v1")
        );
        services.AddEventHandler<PromotionConsumer>(
            available,
            new Subscription("analytics.promotions", "serving.model.promoted.v1")
        );
        services.AddEventHandler<DriftConsumer>(
            available,
            new Subscription("analytics.drifts", "serving.drift.detected.v1")
        );
        if (available.Postgres)
        {
            services.AddSingleton<IUserEventStore, PostgresUserEventStore>();
            services.AddSingleton<IActivityStore, PostgresActivityStore>();
        }
        else
        {
            services.AddSingleton<IUserEventStore, InMemoryUserEventStore>();
            services.AddSingleton<IActivityStore, InMemoryActivityStore>();
        }
    }
}
