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
    private readonly PostgresPing _ping = new(source, time, timeouts ?? new());

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
    public Task PingAsync(CancellationToken cancellationToken) => _ping.WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _ping.Dispose();

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

    private async Task<T> OnConnectionAsync<T>(
        Func<NpgsqlConnection, Task<T>> work,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        return await work(connection);
    }
}
