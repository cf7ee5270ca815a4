using CogniForge.Llm.Limits;
using CogniForge.ServiceDefaults.Postgres;
using StackExchange.Redis;

namespace CogniForge.Llm.Redis;

/// <summary>
/// The way to Redis: no call takes longer than the time-out, and once one has failed nobody else tries, until <see cref="ProbeAsync"/> has found it well again. Thread-safe.
/// </summary>
internal sealed partial class RedisConnection(
    IServiceProvider services,
    LimitsOptions options,
    ILogger<RedisConnection> logger
)
{
    private readonly Lock _connecting = new();
    private Task<IConnectionMultiplexer>? _connection;
    private volatile bool _isAway;

    /// <summary>Whether Redis is known to be away.</summary>
    public bool IsUnavailable => _isAway;

    /// <summary>Runs a script.</summary>
    /// <returns>Its answer; null: Redis is away, and it is not known whether the script was run.</returns>
    public async ValueTask<RedisResult?> TryAsync(string script, RedisKey[] keys, params RedisValue[] values)
    {
        if (_isAway)
        {
            return null;
        }

        try
        {
            return await EvaluateAsync(script, keys, values).WaitAsync(options.RedisTimeout);
        }
        catch (Exception e)
            when (TransientFaults.IsOutage(e)
                || e is RedisException or OperationCanceledException or ObjectDisposedException
            )
        {
            if (!_isAway)
            {
                _isAway = true;
                Log.Away(logger, e.Message);
            }

            return null;
        }
    }

    /// <summary>Asks whether Redis is there again.</summary>
    public async Task<bool> ProbeAsync()
    {
        try
        {
            var connection = await ConnectAsync().WaitAsync(options.RedisTimeout);
            await connection.GetDatabase().PingAsync().WaitAsync(options.RedisTimeout);
            if (_isAway)
            {
                _isAway = false;
                Log.Back(logger);
            }

            return true;
        }
        catch (Exception e)
            when (TransientFaults.IsOutage(e)
                || e is RedisException or OperationCanceledException or ObjectDisposedException
            )
        {
            return false;
        }
    }

    /// <summary>The connection, once it is made. The client makes it when it is first asked for, for seconds where nobody answers: no more than one thread waits for that.</summary>
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
            "Redis is away: limits per minute are kept by each replica alone ({Reason})"
        )]
        public static partial void Away(ILogger logger, string reason);

        [LoggerMessage(
            EventIds.RedisAvailable,
            LogLevel.Information,
            "Redis is back: limits per minute are kept over all replicas"
        )]
        public static partial void Back(ILogger logger);
    }
}
