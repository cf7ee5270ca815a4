using StackExchange.Redis;

namespace CogniForge.ServiceDefaults;

/// <summary>How the client of Redis behaves while Redis is away. The connection string goes before it.</summary>
internal static class RedisDefaults
{
    private const int ReconnectMilliseconds = 1_000;

    public static void Apply(ConfigurationOptions options, TimeoutOptions timeouts)
    {
        // The options cannot tell a default from what was set; their text names only what was set.
        var set = options.ToString(includePassword: false).Split(',');
        if (!IsSet("connectTimeout"))
        {
            options.ConnectTimeout = (int)timeouts.RedisConnect.TotalMilliseconds;
        }

        if (!IsSet("connectRetry"))
        {
            options.ConnectRetry = 1;
        }

        if (!IsSet("syncTimeout") && !IsSet("asyncTimeout"))
        {
            options.SyncTimeout = options.AsyncTimeout = (int)timeouts.RedisCommand.TotalMilliseconds;
        }

        // A command that waits in a queue for Redis to come back would be run when its caller has long gone on without.
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ReconnectRetryPolicy = new LinearRetry(ReconnectMilliseconds);

        bool IsSet(string name) => set.Any(s => s.StartsWith($"{name}=", StringComparison.OrdinalIgnoreCase));
    }
}
