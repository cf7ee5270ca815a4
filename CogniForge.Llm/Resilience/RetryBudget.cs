namespace CogniForge.Llm.Resilience;

/// <summary>
/// Limits retries to a fraction of the load, so that they do not amplify an outage: each request to a target earns a
/// fifth of a retry, up to ten retries. Thread-safe.
/// </summary>
internal sealed class RetryBudget
{
    private const int Cost = 5;
    private const int Capacity = 10 * Cost;
    private int _earned = Capacity;

    /// <summary>Earns a fifth of a retry, for each request to the target.</summary>
    public void Earn()
    {
        if (Volatile.Read(ref _earned) < Capacity)
        {
            Interlocked.Increment(ref _earned);
        }
    }

    /// <summary>Takes a retry; false if none is left.</summary>
    public bool TryTake()
    {
        if (Interlocked.Add(ref _earned, -Cost) >= 0)
        {
            return true;
        }

        Interlocked.Add(ref _earned, Cost);
        return false;
    }
}
