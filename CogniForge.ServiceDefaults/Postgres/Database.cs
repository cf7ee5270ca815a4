using System.Diagnostics;
using Npgsql;

namespace CogniForge.ServiceDefaults.Postgres;

/// <summary>
/// The service's database. Calls fail fast while it hangs, that is, accepts connections and queries without responding;
/// a ping distinguishes that from slow queries. Thread-safe.
/// </summary>
/// <param name="source">The connections.</param>
/// <param name="time">The clock.</param>
/// <param name="timeouts">The timeouts of pings and of connecting. Default: 2 s and 5 s.</param>
public sealed class Database(NpgsqlDataSource source, TimeProvider time, TimeoutOptions? timeouts = null) : IDisposable
{
    private readonly TimeoutOptions _timeouts = timeouts ?? new();

    // Under load, a ping before each query would double the number of queries.
    private static readonly TimeSpan _pingValidity = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private Task _ping = Task.CompletedTask;
    private long _pingedAt;
    private long? _respondedAt;

    // Whether Npgsql's timeout ended the last ping. Until a ping succeeds, callers fail without waiting for it.
    private volatile bool _hangs;

    // Only for pings, which would otherwise wait while slow queries occupy the whole pool.
    private NpgsqlConnection? _pingConnection;

    /// <summary>Runs work on a connection for as long as it takes, unless the database hangs.</summary>
    /// <param name="work">The work. If the database hangs, it is abandoned and may still complete later.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="TimeoutException">The database hangs.</exception>
    /// <exception cref="NpgsqlException">The database is unreachable or refuses the work.</exception>
    public async Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        // A stuck query would hold its connection, and block a thread when Npgsql cancels it after its timeout.
        await PingAsync(cancellationToken);
        var working = OnConnectionAsync(work, cancellationToken);
        await WatchAsync(working, cancellationToken);
        return await working;
    }

    /// <inheritdoc cref="RunAsync{T}"/>
    public Task RunAsync(Func<NpgsqlConnection, Task> work, CancellationToken cancellationToken) =>
        RunAsync(
            async connection =>
            {
                await work(connection);
                return true;
            },
            cancellationToken
        );

    /// <summary>
    /// Runs work that opens its own connections for as long as it takes; cancels it if the database hangs.
    /// </summary>
    /// <param name="work">The work.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <exception cref="TimeoutException">The database hangs.</exception>
    /// <exception cref="NpgsqlException">The database is unreachable or refuses the work.</exception>
    public async Task RunCancellableAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        await PingAsync(cancellationToken);
        var hung = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var working = work(hung.Token);
        try
        {
            await WatchAsync(working, cancellationToken);
            await working;
        }
        finally
        {
            _ = CancelAsync(hung);
        }
    }

    /// <summary>Waits for the response to a ping, which all concurrent callers share.</summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="TimeoutException">The database hangs.</exception>
    /// <exception cref="NpgsqlException">The database is unreachable.</exception>
    public async Task PingAsync(CancellationToken cancellationToken)
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

    /// <inheritdoc/>
    public void Dispose()
    {
        // Disposing a connection with a ping in progress would wait for it.
        if (_ping.IsCompleted)
        {
            _pingConnection?.Dispose();
        }
    }

    /// <summary>The shared ping, which no caller cancels, and the remaining time to wait for it.</summary>
    private (Task Ping, TimeSpan Timeout) GetPing()
    {
        lock (_lock)
        {
            if (_ping.IsCompletedSuccessfully && _respondedAt is { } at && time.GetElapsedTime(at) < _pingValidity)
            {
                return (_ping, _timeouts.PostgresAnswer);
            }

            if (_ping.IsCompleted)
            {
                _pingedAt = time.GetTimestamp();
                _ping = SendPingAsync();
            }

            return (_ping, _hangs ? TimeSpan.Zero : _timeouts.PostgresAnswer - time.GetElapsedTime(_pingedAt));
        }
    }

    private async Task SendPingAsync()
    {
        // The first caller pings for all, so the ping belongs to no trace.
        Activity.Current = null;
        try
        {
            var isReused = _pingConnection is not null;
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
        _pingConnection ??= await source.OpenConnectionAsync();
        var timeout = (int)_timeouts.PostgresConnect.TotalSeconds;
        await using var select = new NpgsqlCommand("SELECT 1", _pingConnection) { CommandTimeout = timeout };
        await select.ExecuteScalarAsync();
    }

    private async Task WatchAsync(Task working, CancellationToken cancellationToken)
    {
        while (!working.IsCompleted)
        {
            await working
                .WaitAsync(_timeouts.PostgresAnswer / 4, time, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!working.IsCompleted)
            {
                await PingAsync(cancellationToken);
            }
        }
    }

    /// <summary>Not awaited: Npgsql blocks the cancelling thread until the database responds or a timeout.</summary>
    private static async Task CancelAsync(CancellationTokenSource source)
    {
        await source.CancelAsync();
        source.Dispose();
    }

    private async ValueTask DisconnectAsync()
    {
        await (_pingConnection?.DisposeAsync() ?? default);
        _pingConnection = null;
    }

    private async Task<T> OnConnectionAsync<T>(
        Func<NpgsqlConnection, Task<T>> work,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        return await work(connection);
    }
}
