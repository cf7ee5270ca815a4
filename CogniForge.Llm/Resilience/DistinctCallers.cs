namespace CogniForge.Llm.Resilience;

/// <summary>Counts each caller once a minute. Thread-safe.</summary>
internal sealed class DistinctCallers(TimeProvider time)
{
    private static readonly TimeSpan _window = TimeSpan.FromMinutes(1);

    // More callers than this prove nothing more.
    private const int MaxCallers = 256;

    private readonly Lock _lock = new();
    private readonly List<(string Caller, long Since)> _callers = [];

    /// <summary>Adds a caller; false if it was already added within the minute, or enough others were.</summary>
    public bool TryAdd(string caller)
    {
        lock (_lock)
        {
            _callers.RemoveAll(c => time.GetElapsedTime(c.Since) >= _window);
            if (_callers.Count == MaxCallers || _callers.Exists(c => c.Caller == caller))
            {
                return false;
            }

            _callers.Add((caller, time.GetTimestamp()));
            return true;
        }
    }
}
