using CogniForge.Llm.Redis;
using CogniForge.ServiceDefaults.Configuration;
using CogniForge.ServiceDefaults.Health;
using Microsoft.Extensions.Options;

namespace CogniForge.Llm.Caching;

internal static class CachingServiceCollectionExtensions
{
    private static string DefaultDirectory =>
        Path.Combine(
            Environment.GetFolderPath(
                Environment.SpecialFolder.LocalApplicationData,
                Environment.SpecialFolderOption.Create
            ),
            "cogniforge",
            "llm",
            "cache"
        );

    public static void AddResponseCache(this IServiceCollection services, AvailableDependencies available)
    {
        services
            .AddValidatedOptions<CacheOptions>(CacheOptions.SectionName)
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
                    options.Directory ?? DefaultDirectory,
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
}
