namespace CogniForge.ServiceDefaults.Overload;

/// <summary>
/// Divides the work on bodies among the keys, because whatever is in progress is done in the order of its arrival: with
/// hundreds of requests of one key in front, each of another key's would wait for all of them. Thread-safe.
/// </summary>
/// <param name="processors">The processors of the machine.</param>
/// <param name="maxWait">How long work waits for its turn; the same as for a body's memory.</param>
/// <param name="time">The time.</param>
internal sealed class WorkShare(int processors, TimeSpan maxWait, TimeProvider time)
{
    // One large body, or 64 small ones, per processor keep it busy.
    private const long MaxAmount = 64 * 1024;
    private const long MinAmount = 1024;
    private readonly FairShare _share = new(processors * MaxAmount);

    /// <summary>Waits for the turn of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="bytes">The size of the body.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The turn; null: it did not come in time.</returns>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public async ValueTask<WorkTurn?> TakeAsync(string key, long bytes, CancellationToken cancellationToken)
    {
        var amount = Math.Clamp(bytes, MinAmount, MaxAmount);
        return await _share.TakeAsync(key, amount, maxWait, time, cancellationToken)
            ? new WorkTurn(() => _share.Release(key, amount))
            : null;
    }
}
