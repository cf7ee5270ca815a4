using CogniForge.Llm.Limits;
using CogniForge.ServiceDefaults.Resilience;
using StackExchange.Redis;

namespace CogniForge.Llm.Redis;

/// <summary>
/// Runs scripts in Redis within a timeout. After a failure, calls fail at once until <see cref="ProbeAsync"/> succeeds.
/// Thread-safe.
/// </summary>
internal sealed partial class RedisConnection(
    IServiceProvider services,
    LimitsOptions options,
    ILogger<RedisConnection> logger
)
{
    private readonly Lock _connecting = new();
    private Task<IConnectionMultiplexer>? _connection;

    // The owner probes, so no call does.
    private readonly CircuitBreaker _circuit = new(Timeout.InfiniteTimeSpan, TimeProvider.System);

    public bool IsUnavailable => _circuit.IsOpen;

    /// <summary>Runs a script.</summary>
    /// <returns>The script's result; null: Redis is unavailable, and the script may or may not have run.</returns>
    public async ValueTask<RedisResult?> TryAsync(string script, RedisKey[] keys, params RedisValue[] values)
    {
        if (IsUnavailable)
        {
            return null;
        }

        try
        {
            return await EvaluateAsync(script, keys, values).WaitAsync(options.RedisTimeout);
        }
        catch (Exception e)
        {
            // Whatever the client throws: requests go on without Redis.
            if (_circuit.Open())
            {
                Log.Unavailable(logger, e.Message);
            }

            return null;
        }
    }

    /// <summary>Pings Redis.</summary>
    /// <returns>Whether Redis is available.</returns>
    public async Task<bool> ProbeAsync()
    {
        try
        {
            var connection = await ConnectAsync().WaitAsync(options.RedisTimeout);
            await connection.GetDatabase().PingAsync().WaitAsync(options.RedisTimeout);
            if (_circuit.Close())
            {
                Log.AvailableAgain(logger);
            }

            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    /// <summary>
    /// Connects on first use. The client blocks a thread for seconds during an outage, so callers share an attempt.
    /// </summary>
    public Task<IConnectionMultiplexer> ConnectAsync()
    {
        lock (_connecting)
        {
            return _connection is { IsFaulted: false }
                ? _connection
                : _connection = Task.Run(services.GetRequiredService<IConnectionMultiplexer>);
        }
    }

    private async Task<RedisResult> EvaluateAsync(string script, RedisKey[] keys, RedisValue[] values)
    {
        var connection = await ConnectAsync();
        return await connection.GetDatabase().ScriptEvaluateAsync(script, keys, values);
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.RedisUnavailable,
            LogLevel.Warning,
            "Redis is unavailable: each replica enforces limits per minute alone ({Reason})"
        )]
        public static partial void Unavailable(ILogger logger, string reason);

        [LoggerMessage(
            EventIds.RedisAvailable,
            LogLevel.Information,
            "Redis is available again: limits per minute apply across replicas"
        )]
        public static partial void AvailableAgain(ILogger logger);
    }
}
