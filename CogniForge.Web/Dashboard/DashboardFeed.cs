using System.Collections.Concurrent;

namespace CogniForge.Web.Dashboard;

/// <summary>
/// Shares the reads of all open streams of a key: whichever stream is first reads with its own key, the others get the
/// same numbers. Different keys share nothing, because they may see different parts.
/// </summary>
internal sealed class DashboardFeed(TimeProvider time)
{
    /// <summary>How often a stream looks for changes.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    // Below the interval, so that a timer that is early still reads.
    private static readonly TimeSpan _lifetime = Interval - TimeSpan.FromMilliseconds(500);

    // Keys are created by administrators, so that there are few.
    private readonly ConcurrentDictionary<string, Latest> _latest = new(StringComparer.Ordinal);

    /// <summary>Returns the numbers that a stream of this key has just read, or reads them.</summary>
    /// <param name="key">The id of the caller's key.</param>
    /// <param name="reader">Reads with the caller's key.</param>
    /// <param name="cancellationToken">Ends this stream's wait or read; the next stream reads then.</param>
    public async Task<DashboardView> ReadAsync(
        string key,
        DashboardReader reader,
        CancellationToken cancellationToken
    )
    {
        var latest = _latest.GetOrAdd(key, static _ => new());
        await latest.Reading.WaitAsync(cancellationToken);
        try
        {
            if (latest.View is { } view && time.GetUtcNow() - view.GeneratedAt < _lifetime)
            {
                return view;
            }

            return latest.View = await reader.ExecuteAsync(cancellationToken);
        }
        finally
        {
            latest.Reading.Release();
        }
    }

    private sealed class Latest
    {
        public SemaphoreSlim Reading { get; } = new(1);

        public DashboardView? View { get; set; }
    }
}
