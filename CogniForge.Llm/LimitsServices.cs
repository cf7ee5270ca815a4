using CogniForge.Llm.Limits;
using CogniForge.Llm.Redis;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Health;
using Microsoft.Extensions.Options;

namespace CogniForge.Llm;

/// <summary>The registrations of what keys and routes are limited to.</summary>
internal static class LimitsServices
{
    public static void AddLimits(this IServiceCollection services, AvailableDependencies available)
    {
        services.AddKeyLimits<KeyLimits>(
            limits => KeyLimitsValidator.Validate(limits).Select(r => new FieldError(r.Path, r.Rule)),
            """
            { "routes": ["fast", "gpt-*"], "budget": { "amount": 25, "period": "month" }, "requestsPerMinute": 600, "tokensPerMinute": 200000 }
            """,
            (provider, id) => provider.GetRequiredService<ILimiter>().Changed(id.ToString())
        );
        services
            .AddOptionsWithValidateOnStart<LimitsOptions>()
            .BindConfiguration(LimitsOptions.SectionName, binder => binder.ErrorOnUnknownConfiguration = true)
            .Validate(
                o => o.RedisTimeout > TimeSpan.Zero && o.RedisTimeout <= TimeSpan.FromSeconds(10),
                "Limits:RedisTimeout must be above 0, at most 10 s."
            )
            .Validate(o => o.Lease is >= 0 and <= 0.25m, "Limits:Lease must be 0 to 0.25.");
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<LimitsOptions>>().Value);
        services.AddSingleton<AdmissionController>();
        services.AddSingleton<InMemoryLimiter>();
        if (available.Postgres)
        {
            services.AddSingleton<ISpendStore, PostgresSpendStore>();
        }
        else
        {
            services.AddSingleton<ISpendStore, NothingSpent>();
        }

        if (available.Redis)
        {
            services.AddSingleton<RedisConnection>();
            services.AddSingleton<LedgerBook>();
            services.AddSingleton<Settlements>();
            services.AddSingleton<RedisLimiter>();
            services.AddSingleton<ILimiter>(provider => provider.GetRequiredService<RedisLimiter>());
            services.AddSingleton<IBudgetCounts, RedisBudgetCounts>();
            services.AddSingleton<LimitsKeeper>();
            services.AddHostedService(provider => provider.GetRequiredService<LimitsKeeper>());
        }
        else
        {
            services.AddSingleton<ILimiter>(provider => provider.GetRequiredService<InMemoryLimiter>());
            services.AddSingleton<IBudgetCounts>(provider => provider.GetRequiredService<InMemoryLimiter>());
        }
    }
}
