using CogniForge.Analytics.Activity;
using CogniForge.Analytics.Ingestion;
using CogniForge.ServiceDefaults.Health;
using CogniForge.ServiceDefaults.Messaging;

namespace CogniForge.Analytics;

/// <summary>The service's own registrations.</summary>
internal static class AnalyticsServices
{
    public static void AddAnalytics(this IServiceCollection services, Stores stores)
    {
        services.AddSingleton<CollectEvent>();
        services.AddEventHandler<StoreUserEvents>(stores, new Subscription("analytics.events", CollectEvent.EventType));
        services.AddEventHandler<StoreCompletions>(stores, new Subscription("analytics.completions", "llm.completion.recorded.v1"));
        services.AddEventHandler<StoreInferences>(stores, new Subscription("analytics.inferences", "serving.inference.recorded.v1"));
        services.AddEventHandler<StorePromotions>(stores, new Subscription("analytics.promotions", "serving.model.promoted.v1"));
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
