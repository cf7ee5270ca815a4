using CogniForge.Serving.Runners;

namespace CogniForge.Serving.Loading;

/// <summary>A version that is being loaded or has been. Its runner ends after its last use. Thread-safe.</summary>
internal sealed class LoadedModel
{
    private readonly Lock _lock = new();
    private readonly Lazy<Task<IModelRunner>> _loading;
    private volatile IModelRunner? _runner;
    private int _uses;
    private bool _isUnloaded;

    /// <summary>Creates the entry; loading starts with the first <see cref="Runner"/>.</summary>
    /// <param name="loadAsync">Loads the version.</param>
    /// <param name="revision">The revision of the version.</param>
    /// <param name="now">The timestamp of the first use.</param>
    public LoadedModel(Func<Task<IModelRunner>> loadAsync, Guid revision, long now) =>
        (_loading, Revision, LastUsed) = (new(async () => _runner = await loadAsync()), revision, now);

    /// <summary>The revision of the version that it was created for.</summary>
    public Guid Revision { get; }

    /// <summary>Completes when the version is ready; fails with the reason.</summary>
    public Task<IModelRunner> Runner => _loading.Value;

    /// <summary>The timestamp of the newest use.</summary>
    public long LastUsed { get; private set; }

    /// <summary>The timestamp of the failure; null if loading has not failed.</summary>
    public long? FailedAt { get; set; }

    /// <summary>Whether a request uses it.</summary>
    public bool IsInUse
    {
        get
        {
            lock (_lock)
            {
                return _uses > 0;
            }
        }
    }

    /// <summary>The runner for its metadata; null until it is ready.</summary>
    public IModelRunner? ReadyRunner => _runner;

    /// <summary>The memory in bytes; 0 until it is reserved.</summary>
    public long SizeBytes { get; set; }

    /// <summary>Begins a use; false after <see cref="Unload"/>.</summary>
    public bool TryEnter(long now)
    {
        lock (_lock)
        {
            LastUsed = now;
            _uses += _isUnloaded ? 0 : 1;
            return !_isUnloaded;
        }
    }

    /// <summary>Ends a use.</summary>
    public void Exit()
    {
        lock (_lock)
        {
            _uses--;
        }

        EndIfUnused();
    }

    /// <summary>Ends the runner as soon as no request uses it.</summary>
    public void Unload()
    {
        lock (_lock)
        {
            _isUnloaded = true;
        }

        EndIfUnused();
    }

    private void EndIfUnused()
    {
        lock (_lock)
        {
            if (!_isUnloaded || _uses > 0 || !_loading.IsValueCreated)
            {
                return;
            }
        }

        _ = EndAsync();
    }

    private async Task EndAsync()
    {
        await ((Task)Runner).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _runner?.Dispose();
    }
}
