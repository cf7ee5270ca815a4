namespace CogniForge.Llm.Resilience;

/// <summary>Counts each caller once per window. Thread-safe.</summary>
internal sealed class DistinctCallers(TimeSpan window, TimeProvider time)
{
    // More callers than this prove nothing more.
    private const int MaxCallers = 256;

    private readonly Lock _lock = new();
    private readonly List<(string Caller, long Since)> _callers = [];

    /// <summary>Adds a caller; false if it was already added within the window, or enough others were.</summary>
    public bool TryAdd(string caller)
    {
        lock (_lock)
        {
            _callers.RemoveAll(c => time.GetElapsedTime(c.Since) >= window);
            if (_callers.Count == MaxCallers || _callers.Exists(c => c.Caller == caller))
            {
                return false;
            }

            _callers.Add((caller, time.GetTimestamp()));
            return true;
        }
    }
}
