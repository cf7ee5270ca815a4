namespace CogniForge.Llm.Configuration;

/// <summary>Loads the entries of the admin API into this process. Thread-safe.</summary>
internal sealed class ConfigReloader(IConfigStore store, ConfigMerger merger, CurrentConfig current) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private IReadOnlyList<ConfigEntry> _known = [];

    /// <summary>Loads the entries; does nothing if they are unchanged.</summary>
    public async Task ReloadAsync(CancellationToken cancellationToken)
    {
        // One load at a time, so that an older one cannot overwrite a newer one.
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var entries = await store.ReadAsync(cancellationToken);
            if (!entries.SequenceEqual(_known))
            {
                current.Value = merger.Merge(entries);
                _known = entries;
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();
}
