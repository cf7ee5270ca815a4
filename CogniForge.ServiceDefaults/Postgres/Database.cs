using System.Diagnostics;
using Npgsql;

namespace CogniForge.ServiceDefaults.Postgres;

/// <summary>
/// The service's database, as requests use it: one that hangs, taking connections and queries without answering, is as good as away, and nobody waits long to learn that.
/// It is told from one that is slow by a question that takes no time. Thread-safe.
/// </summary>
/// <param name="source">Its connections.</param>
/// <param name="time">The clock.</param>
/// <param name="timeouts">After how long without an answer to that question it hangs. Default: 2 s.</param>
public sealed class Database(NpgsqlDataSource source, TimeProvider time, TimeoutOptions? timeouts = null) : IDisposable
{
    private readonly TimeoutOptions _timeouts = timeouts ?? new();

    /// <summary>For how long an answer holds: under load, a question before each query would be as many again.</summary>
    private static readonly TimeSpan _fresh = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private Task _asking = Task.CompletedTask;
    private long _askedAt;
    private long? _answeredAt;

    // The last question ran into Npgsql's time-out: until one is answered, nobody waits for the next.
    private volatile bool _hangs;

    // A connection for the question alone: it is asked at once also while slow queries have taken the whole pool.
    private NpgsqlConnection? _line;

    /// <summary>Has something done on a connection, however long it takes, unless the database hangs.</summary>
    /// <param name="work">What to do. When the database hangs, it is left to itself, and may still be done when that is over.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TimeoutException">The database hangs.</exception>
    /// <exception cref="NpgsqlException">It cannot be reached, or refuses.</exception>
    public async Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        // Asked first, so that next to no query gets stuck: each would keep a connection, and when its time-out has Npgsql send a cancellation, block a thread.
        await AnswersAsync(cancellationToken);
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

    /// <summary>Has something done on connections of its own, however long it takes; cancelled when the database hangs.</summary>
    /// <param name="work">What to do.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TimeoutException">The database hangs.</exception>
    /// <exception cref="NpgsqlException">It cannot be reached, or refuses.</exception>
    public async Task WhileAnsweringAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        await AnswersAsync(cancellationToken);
        var given = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var working = work(given.Token);
        try
        {
            await WatchAsync(working, cancellationToken);
            await working;
        }
        finally
        {
            _ = CancelAsync(given);
        }
    }

    /// <summary>Waits until the database has answered a question, as long as it may take.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TimeoutException">It has not.</exception>
    /// <exception cref="NpgsqlException">It cannot be reached, or refuses.</exception>
    public async Task AnswersAsync(CancellationToken cancellationToken)
    {
        var (asking, left) = Asking();
        try
        {
            await (
                left > TimeSpan.Zero ? asking.WaitAsync(left, time, cancellationToken) : throw new TimeoutException()
            );
        }
        catch (TimeoutException)
        {
            throw new TimeoutException("Postgres does not answer.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // One that is still waiting for its answer would have its end waited for.
        if (_asking.IsCompleted)
        {
            _line?.Dispose();
        }
    }

    /// <summary>One question for all, asked to the end, and for how long it may still be waited for.</summary>
    private (Task Asking, TimeSpan Left) Asking()
    {
        lock (_lock)
        {
            if (_asking.IsCompletedSuccessfully && _answeredAt is { } at && time.GetElapsedTime(at) < _fresh)
            {
                return (_asking, _timeouts.PostgresAnswer);
            }

            if (_asking.IsCompleted)
            {
                _askedAt = time.GetTimestamp();
                _asking = AskAsync();
            }

            return (_asking, _hangs ? TimeSpan.Zero : _timeouts.PostgresAnswer - time.GetElapsedTime(_askedAt));
        }
    }

    private async Task AskAsync()
    {
        // Who happens to be the first asks for all: it belongs to nobody's trace.
        Activity.Current = null;
        try
        {
            var isOld = _line is not null;
            try
            {
                await AskOnLineAsync();
            }
            catch (NpgsqlException e) when (isOld && e.InnerException is not TimeoutException)
            {
                source.Clear(); // it broke since it was last used, and so may others have, which says nothing of now
                await HangUpAsync();
                await AskOnLineAsync();
            }

            (_answeredAt, _hangs) = (time.GetTimestamp(), false);
        }
        catch (Exception e)
        {
            _hangs = (e.InnerException ?? e) is TimeoutException;
            source.Clear(); // a proxy may never carry a byte again on the connections that there are
            await HangUpAsync();
            throw;
        }
    }

    private async Task AskOnLineAsync()
    {
        _line ??= await source.OpenConnectionAsync();
        var timeout = (int)_timeouts.PostgresConnect.TotalSeconds;
        await using var question = new NpgsqlCommand("SELECT 1", _line) { CommandTimeout = timeout };
        await question.ExecuteScalarAsync();
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
                await AnswersAsync(cancellationToken);
            }
        }
    }

    /// <summary>Aside: Npgsql blocks the thread that cancels until the database has taken that, or to its time-out.</summary>
    private static async Task CancelAsync(CancellationTokenSource source)
    {
        await source.CancelAsync();
        source.Dispose();
    }

    private async ValueTask HangUpAsync()
    {
        await (_line?.DisposeAsync() ?? default);
        _line = null;
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
