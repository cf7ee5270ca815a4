using Microsoft.Extensions.Configuration;

namespace CogniForge.AppHost;

/// <summary>Adds the servers that all services share.</summary>
internal static class StoreResources
{
    /// <summary>
    /// A local run starts Postgres, Redis and RabbitMQ. A deployment's data must outlive its containers, so that it names a
    /// Postgres and a RabbitMQ of its own by connection string. What Redis holds can be rebuilt: it needs no volume.
    /// </summary>
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
