namespace CogniForge.Llm.Configuration;

/// <summary>Brings this process's settings up to date with what is set up by API. Thread-safe.</summary>
internal sealed class ConfigReloader(IConfigStore store, ConfigMerger merger, CurrentConfig current) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private IReadOnlyList<ConfigEntry> _known = [];

    /// <summary>Loads the settings; where nothing has changed, nothing happens.</summary>
    public async Task ReloadAsync(CancellationToken cancellationToken)
    {
        // One at a time, so that what was read first does not come last.
        await _one.WaitAsync(cancellationToken);
        try
        {
            var settings = await store.ReadAsync(cancellationToken);
            if (!settings.SequenceEqual(_known))
            {
                current.Value = merger.Merge(settings);
                _known = settings;
            }
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();
}
