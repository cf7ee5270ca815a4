using CogniForge.Llm.Configuration;
using CogniForge.Llm.Limits.Budgets;
using CogniForge.Llm.Limits.Rates;
using CogniForge.Llm.Redis;
using CogniForge.ServiceDefaults;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Configuration;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Health;
using Microsoft.Extensions.Options;

namespace CogniForge.Llm.Limits;

internal static class LimitsServiceCollectionExtensions
{
    private const string LimitsExample = """
        { "routes": ["fast", "gpt-*"], "budget": { "amount": 25, "period": "month" },
          "requestsPerMinute": 600, "tokensPerMinute": 200000 }
        """;

    /// <summary>Adds the limits and budgets of API keys, and the limits of routes.</summary>
    public static void AddLimits(this IServiceCollection services, AvailableDependencies available)
    {
        services.AddKeyLimits<KeyLimits>(
            KeyLimits.Validate,
            LimitsExample,
            FindMissingProjectAsync,
            (provider, id) => provider.GetRequiredService<BudgetReconciler>().OnLimitsChanged(id.ToString())
        );
        services
            .AddValidatedOptions<LimitsOptions>(LimitsOptions.SectionName)
            .Validate(
                o => o.RedisTimeout > TimeSpan.Zero && o.RedisTimeout <= TimeSpan.FromSeconds(10),
                "Limits:RedisTimeout must be above 0, at most 10 s."
            )
            .Validate(o => o.Lease is >= 0 and <= 0.25m, "Limits:Lease must be 0 to 0.25.");
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<LimitsOptions>>().Value);
        services.AddSingleton<AdmissionController>();
        services.AddSingleton<Limiter>();
        services.AddSingleton(provider =>
        {
            var budgets = ActivatorUtilities.CreateInstance<BudgetLimiter>(provider);
            budgets.AddMetrics(provider.GetRequiredService<ServiceDescription>().Meter);
            return budgets;
        });
        services.AddSingleton<BudgetReconciler>();
        services.AddSingleton<RateLimiter>();
        services.AddSingleton(
            typeof(IBudgetStore),
            available.Postgres ? typeof(PostgresBudgetStore) : typeof(InMemoryBudgetStore)
        );
        if (available.Redis)
        {
            services.AddSingleton<RedisConnection>();
            services.AddHostedService<RedisProbe>();
        }

        services.AddHostedService<LimitsMaintenance>();
    }

    private static async Task<FieldError?> FindMissingProjectAsync(
        IServiceProvider provider,
        KeyLimits limits,
        CancellationToken cancellationToken
    )
    {
        var config = provider.GetRequiredService<CurrentConfig>();
        if (limits.Project is { } name && config.Value.Projects.Find(name) is null)
        {
            // Another replica may have created it a moment ago.
            await provider.GetRequiredService<ConfigReloader>().ReloadAsync(cancellationToken);
            return config.Value.Projects.Find(name) is null
                ? new("project", "must name an existing project; PUT /api/v1/llm/projects/{name} creates one")
                : null;
        }

        return null;
    }
}
