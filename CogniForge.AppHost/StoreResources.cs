using Microsoft.Extensions.Configuration;

namespace CogniForge.AppHost;

/// <summary>Adds the servers that all services share.</summary>
internal static class StoreResources
{
    /// <summary>Starts Postgres, Redis and RabbitMQ in a local run.</summary>
    /// <remarks>
    /// A deployment provides Postgres and RabbitMQ by connection string, because their data must outlive the
    /// containers. Redis holds only data that can be rebuilt, so it needs no volume.
    /// </remarks>
    public static Stores AddStores(this IDistributedApplicationBuilder builder)
    {
        var cache = builder.AddRedis("cache");
        if (builder.ExecutionContext.IsPublishMode)
        {
            return new(cache, builder.AddConnectionString("messaging"), name => builder.AddConnectionString(name));
        }

        var postgres = builder.AddPostgres("postgres");
        var messaging = builder.AddRabbitMQ("messaging").WithManagementPlugin();
        if (builder.Configuration.GetValue("DataVolumes", true))
        {
            postgres.WithDataVolume();
            messaging.WithDataVolume();
        }

        return new(cache, messaging, name => postgres.AddDatabase(name));
    }
}
