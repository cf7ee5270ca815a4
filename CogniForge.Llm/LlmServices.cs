using CogniForge.Llm.Caching;
using CogniForge.Llm.Configuration;
using CogniForge.Llm.Gateway;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Providers;
using CogniForge.Llm.Providers.Mock;
using CogniForge.Llm.Redis;
using CogniForge.Llm.RequestLog;
using CogniForge.Llm.Resilience;
using CogniForge.Llm.Routing;
using CogniForge.Llm.Telemetry;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Health;
using CogniForge.ServiceDefaults.Messaging;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace CogniForge.Llm;

/// <summary>The gateway's own registrations.</summary>
internal static class LlmServices
{
    public static void AddLlm(this IServiceCollection services, Stores stores)
    {
        services.AddProblemWriter<WireProblemWriter>();
        services.Configure<JsonOptions>(o => o.SerializerOptions.MaxDepth = SoundJson.MaxDepth);
        services.AddSingleton<LlmTelemetry>();
        services.AddSettings(stores);

        services.AddOptionsWithValidateOnStart<MockOptions>().BindConfiguration(MockOptions.SectionName, binder => binder.ErrorOnUnknownConfiguration = true)
            .Validate(o => o.Fault is null, "Mock: latencyMs, tokensPerSecond or failures is out of its range.");
        services.AddSingleton<ProviderKeys>();
        services.AddSingleton<ITransport, HttpTransport>();
        services.AddSingleton<ITransport, MockTransport>();

        services.AddAnswerCache(stores);
        services.AddSingleton<TargetStates>();
        services.AddSingleton<Affinity>();
        services.AddSingleton<TargetCall>();
        services.AddSingleton<FallBack>();
        services.AddSingleton<InferencePipeline>();
        services.AddSingleton<CountTokens>();

        services.AddLimits(stores);
        services.AddJournal<CompletionRecord, CompletionSink>();
        services.AddOptionsWithValidateOnStart<RequestLogOptions>().BindConfiguration(RequestLogOptions.SectionName, binder => binder.ErrorOnUnknownConfiguration = true).ValidateDataAnnotations();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<RequestLogOptions>>().Value);
        if (stores.Postgres)
        {
            services.AddSingleton<ICompletionStore, PostgresCompletionStore>();
            services.AddSingleton<IRequestLog, PostgresRequestLog>();
            services.AddSingleton<RequestLogRollUp>();
            services.AddHostedService<RequestLogRetention>();
        }
        else
        {
            services.AddSingleton<InMemoryRequestLog>();
            services.AddSingleton<ICompletionStore>(provider => provider.GetRequiredService<InMemoryRequestLog>());
            services.AddSingleton<IRequestLog>(provider => provider.GetRequiredService<InMemoryRequestLog>());
        }
    }

    private static void AddSettings(this IServiceCollection services, Stores stores)
    {
        services.AddSingleton(provider => ConfiguredSettings.Read(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton<SettingsComposer>();
        services.AddSingleton(provider => new CurrentSettings(provider.GetRequiredService<SettingsComposer>().Compose([])));
        services.AddSingleton<SettingsLoader>();
        services.AddSingleton<ChangeSettings>();
        if (stores.Postgres)
        {
            services.AddSingleton<ISettingStore, PostgresSettingStore>();
            services.AddHostedService<PostgresSettingsWatch>();
        }
        else
        {
            services.AddSingleton<ISettingStore, InMemorySettingStore>();
        }
    }

    private static void AddAnswerCache(this IServiceCollection services, Stores stores)
    {
        services.AddOptionsWithValidateOnStart<CacheOptions>().BindConfiguration(CacheOptions.SectionName, binder => binder.ErrorOnUnknownConfiguration = true).ValidateDataAnnotations()
            .Validate(o => o.Store != CacheStoreKind.Redis || stores.Redis, "Cache:Store is Redis, but there is no connection string 'cache'.");
        services.AddSingleton<AnswerCache>();
        services.AddSingleton<IAnswerStore>(provider =>
        {
            var options = provider.GetRequiredService<IOptions<CacheOptions>>().Value;
            var time = provider.GetRequiredService<TimeProvider>();
            return (options.Store ?? (stores.Redis ? CacheStoreKind.Redis : CacheStoreKind.Memory)) switch
            {
                CacheStoreKind.None => new NoAnswerStore(),
                CacheStoreKind.Disk => new DiskAnswerStore(options.Directory ?? DefaultCacheDirectory, options.DiskBytes, time),
                CacheStoreKind.Redis => new RedisAnswerStore(
                    provider.GetRequiredService<RedisGate>(), new MemoryAnswerStore(options.MemoryBytes, time), options.RedisTimeout),
                _ => new MemoryAnswerStore(options.MemoryBytes, time),
            };
        });
    }

    private static string DefaultCacheDirectory =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "cogniforge", "llm", "cache");
}
