using StackExchange.Redis;

namespace CogniForge.ServiceDefaults;

/// <summary>The Redis client's behavior during an outage. Values in the connection string take precedence.</summary>
internal static class RedisDefaults
{
    private const int ReconnectMilliseconds = 1_000;

    public static void Apply(ConfigurationOptions options, TimeoutOptions timeouts)
    {
        // Only the text of the options distinguishes explicit values from defaults.
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

        // A queued command would run after the outage, long after its caller has moved on.
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ReconnectRetryPolicy = new LinearRetry(ReconnectMilliseconds);

        bool IsSet(string name) => set.Any(s => s.StartsWith($"{name}=", StringComparison.OrdinalIgnoreCase));
    }
}
