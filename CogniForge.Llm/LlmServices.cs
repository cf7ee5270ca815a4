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
using CogniForge.Messaging;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Health;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace CogniForge.Llm;

/// <summary>The gateway's own registrations.</summary>
internal static class LlmServices
{
    public static void AddLlm(this IServiceCollection services, AvailableDependencies available)
    {
        services.AddProblemWriter<WireProblemWriter>();
        services.Configure<JsonOptions>(o => o.SerializerOptions.MaxDepth = StrictJson.MaxDepth);
        services.AddSingleton<GatewayTelemetry>();
        services.AddSettings(available);

        services
            .AddOptionsWithValidateOnStart<MockOptions>()
            .BindConfiguration(MockOptions.SectionName, binder => binder.ErrorOnUnknownConfiguration = true)
            .Validate(o => o.Fault is null, "Mock: latencyMs, tokensPerSecond or failures is out of its range.");
        services.AddSingleton<ProviderApiKeys>();
        services.AddSingleton<IProviderClient, HttpProviderClient>();
        services.AddSingleton<IProviderClient, MockProviderClient>();

        services.AddResponseCache(available);
        services.AddSingleton<TargetHealthRegistry>();
        services.AddSingleton<ConversationAffinity>();
        services.AddSingleton<ProviderAttempt>();
        services.AddSingleton<FallbackExecutor>();
        services.AddSingleton<InferencePipeline>();
        services.AddSingleton<TokenCounter>();

        services.AddLimits(available);
        services.AddJournal<RequestLogEntry, RequestLogSink>();
        services
            .AddOptionsWithValidateOnStart<RequestLogOptions>()
            .BindConfiguration(RequestLogOptions.SectionName, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<RequestLogOptions>>().Value);
        if (available.Postgres)
        {
            services.AddSingleton<IRequestLog, PostgresRequestLog>();
            services.AddSingleton<RequestLogRollup>();
            services.AddHostedService<RequestLogRetention>();
        }
        else
        {
            services.AddSingleton<IRequestLog, InMemoryRequestLog>();
        }
    }

    private static void AddSettings(this IServiceCollection services, AvailableDependencies available)
    {
        services.AddSingleton(provider => FileConfigReader.Read(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton<ConfigMerger>();
        services.AddSingleton(provider => new CurrentConfig(provider.GetRequiredService<ConfigMerger>().Merge([])));
        services.AddSingleton<ConfigReloader>();
        services.AddSingleton<ConfigEditor>();
        if (available.Postgres)
        {
            services.AddSingleton<IConfigStore, PostgresConfigStore>();
            services.AddHostedService<PostgresConfigWatcher>();
        }
        else
        {
            services.AddSingleton<IConfigStore, InMemoryConfigStore>();
        }
    }

    private static void AddResponseCache(this IServiceCollection services, AvailableDependencies available)
    {
        services
            .AddOptionsWithValidateOnStart<CacheOptions>()
            .BindConfiguration(CacheOptions.SectionName, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations()
            .Validate(
                o => o.Store != CacheStoreKind.Redis || available.Redis,
                "Cache:Store is Redis, but there is no connection string 'cache'."
            );
        services.AddSingleton<ResponseCache>();
        services.AddSingleton<IResponseStore>(provider =>
        {
            var options = provider.GetRequiredService<IOptions<CacheOptions>>().Value;
            var time = provider.GetRequiredService<TimeProvider>();
            return (options.Store ?? (available.Redis ? CacheStoreKind.Redis : CacheStoreKind.Memory)) switch
            {
                CacheStoreKind.None => new NullResponseStore(),
                CacheStoreKind.Disk => new DiskResponseStore(
                    options.Directory ?? DefaultCacheDirectory,
                    options.DiskBytes,
                    time
                ),
                CacheStoreKind.Redis => new RedisResponseStore(
                    provider.GetRequiredService<RedisConnection>(),
                    new MemoryResponseStore(options.MemoryBytes, time),
                    options.RedisTimeout
                ),
                _ => new MemoryResponseStore(options.MemoryBytes, time),
            };
        });
    }

    private static string DefaultCacheDirectory =>
        Path.Combine(
            Environment.GetFolderPath(
                Environment.SpecialFolder.LocalApplicationData,
                Environment.SpecialFolderOption.Create
            ),
            "cogniforge",
            "llm",
            "cache"
        );
}
