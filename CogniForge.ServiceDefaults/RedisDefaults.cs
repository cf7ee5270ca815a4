using StackExchange.Redis;

namespace CogniForge.ServiceDefaults;

/// <summary>How the client of Redis behaves while Redis is away. The connection string goes before it.</summary>
internal static class RedisDefaults
{
    private const int ReconnectMilliseconds = 1_000;

    public static void Apply(ConfigurationOptions options, TimeoutOptions timeouts)
    {
        // The options cannot tell a default from what was set; their text names only what was set.
        var set = options.ToString(includePassword: false);
        var command = (int)timeouts.RedisCommand.TotalMilliseconds;
        options.ConnectTimeout = IsSet("connectTimeout") ? options.ConnectTimeout : (int)timeouts.RedisConnect.TotalMilliseconds;
        options.ConnectRetry = IsSet("connectRetry") ? options.ConnectRetry : 1;
        options.AsyncTimeout = IsSet("asyncTimeout") ? options.AsyncTimeout : command;
        options.SyncTimeout = IsSet("syncTimeout") ? options.SyncTimeout : command;

        // A command that waits in a queue for Redis to come back would be run when its caller has long gone on without.
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ReconnectRetryPolicy = new LinearRetry(ReconnectMilliseconds);

        bool IsSet(string name) => set.Contains($"{name}=", StringComparison.OrdinalIgnoreCase);
    }
}
