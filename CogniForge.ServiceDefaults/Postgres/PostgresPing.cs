using System.Diagnostics;
using Npgsql;

namespace CogniForge.ServiceDefaults.Postgres;

/// <summary>
/// Finds out whether the database hangs, that is, accepts connections and queries without responding: a ping that all
/// concurrent callers share, on a connection of its own. Thread-safe.
/// </summary>
internal sealed class PostgresPing(NpgsqlDataSource source, TimeProvider time, TimeoutOptions timeouts) : IDisposable
{
    // Under load, a ping before each query would double the number of queries.
    private static readonly TimeSpan _validity = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private Task _ping = Task.CompletedTask;
    private long _pingedAt;
    private long? _respondedAt;

    // Whether Npgsql's timeout ended the last ping. Until a ping succeeds, callers fail without waiting for it.
    private volatile bool _hangs;

    // The pool may be occupied by slow queries.
    private NpgsqlConnection? _connection;

    /// <summary>Waits for the response to a ping, which all concurrent callers share.</summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="TimeoutException">The database hangs.</exception>
    /// <exception cref="NpgsqlException">The database is unreachable.</exception>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        var (ping, timeout) = GetPing();
        try
        {
            await (
                timeout > TimeSpan.Zero
                    ? ping.WaitAsync(timeout, time, cancellationToken)
                    : throw new TimeoutException()
            );
        }
        catch (TimeoutException)
        {
            throw new TimeoutException("Postgres does not respond.");
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            // Disposing a connection with a ping in progress would wait for it.
            if (_ping.IsCompleted)
            {
                _connection?.Dispose();
                _connection = null;
            }
        }
    }

    /// <summary>The shared ping, which no caller cancels, and the remaining time to wait for it.</summary>
    private (Task Ping, TimeSpan Timeout) GetPing()
    {
        lock (_lock)
        {
            if (_ping.IsCompletedSuccessfully && _respondedAt is { } at && time.GetElapsedTime(at) < _validity)
            {
                return (_ping, timeouts.PostgresAnswer);
            }

            if (_ping.IsCompleted)
            {
                _pingedAt = time.GetTimestamp();
                _ping = SendPingAsync();
            }

            return (_ping, _hangs ? TimeSpan.Zero : timeouts.PostgresAnswer - time.GetElapsedTime(_pingedAt));
        }
    }

    private async Task SendPingAsync()
    {
        // The first caller pings for all, so the ping belongs to no trace.
        Activity.Current = null;
        try
        {
            var isReused = _connection is not null;
            try
            {
                await SelectAsync();
            }
            catch (NpgsqlException e) when (isReused && e.InnerException is not TimeoutException)
            {
                // The connection broke while idle, and others may have too; the database itself may be available.
                source.Clear();
                await DisconnectAsync();
                await SelectAsync();
            }

            (_respondedAt, _hangs) = (time.GetTimestamp(), false);
        }
        catch (Exception e)
        {
            _hangs = (e.InnerException ?? e) is TimeoutException;

            // A proxy may never forward data on the existing connections again.
            source.Clear();
            await DisconnectAsync();
            throw;
        }
    }

    private async Task SelectAsync()
    {
        _connection ??= await source.OpenConnectionAsync();
        var timeout = (int)timeouts.PostgresConnect.TotalSeconds;
        await using var select = new NpgsqlCommand("SELECT 1", _connection) { CommandTimeout = timeout };
        await select.ExecuteScalarAsync();
    }

    private async ValueTask DisconnectAsync()
    {
        await (_connection?.DisposeAsync() ?? default);
        _connection = null;
    }
}
