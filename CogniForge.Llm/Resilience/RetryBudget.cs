namespace CogniForge.Llm.Resilience;

/// <summary>
/// Keeps retries a small part of the load, so that an outage is not multiplied: each request to a target earns a fifth of a retry, up to ten. Thread-safe.
/// </summary>
internal sealed class RetryBudget
{
    private const int Cost = 5;
    private const int Capacity = 10 * Cost;
    private int _earned = Capacity;

    /// <summary>A request goes to the target.</summary>
    public void Earn()
    {
        if (Volatile.Read(ref _earned) < Capacity)
        {
            Interlocked.Increment(ref _earned);
        }
    }

    /// <summary>Takes a retry; false when there is none left.</summary>
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
