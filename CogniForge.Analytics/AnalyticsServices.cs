using CogniForge.Analytics.Activity;
using CogniForge.Analytics.Ingestion;
using CogniForge.ServiceDefaults.Health;
using CogniForge.ServiceDefaults.Messaging;

namespace CogniForge.Analytics;

/// <summary>The service's own registrations.</summary>
internal static class AnalyticsServices
{
    public static void AddAnalytics(this IServiceCollection services, AvailableDependencies stores)
    {
        services.AddSingleton<EventCollector>();
        services.AddEventHandler<UserEventConsumer>(stores, new Subscription("analytics.events", EventCollector.EventType));
        services.AddEventHandler<CompletionConsumer>(stores, new Subscription("analytics.completions", "llm.completion.recorded.v1"));
        services.AddEventHandler<InferenceConsumer>(stores, new Subscription("analytics.inferences", "serving.inference.recorded.v1"));
        services.AddEventHandler<PromotionConsumer>(stores, new Subscription("analytics.promotions", "serving.model.promoted.v1"));
        if (stores.Postgres)
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
