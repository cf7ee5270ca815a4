namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>Looks up keys by id, including revoked ones, whose past requests remain.</summary>
public sealed class ApiKeyQueries
{
    private readonly IApiKeyStore _store;
    private readonly IKeyLimits? _limits;

    internal ApiKeyQueries(IApiKeyStore store, IKeyLimits? limits) => (_store, _limits) = (store, limits);

    /// <summary>Finds the caller with a key. Does not find keys from configuration.</summary>
    /// <param name="id">The key's id.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <returns>The caller, or <see langword="null"/> if the key is unknown.</returns>
    public async Task<Caller?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        await _store.GetAsync(id, cancellationToken) is { } key ? Caller.OfKey(key, _limits) : null;

    /// <summary>Gets the current names of callers by id; omits unknown keys.</summary>
    /// <param name="callers">Ids of callers (<see cref="Caller.Id"/>).</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    public async Task<IReadOnlyDictionary<string, string>> NamesAsync(
        IEnumerable<string> callers,
        CancellationToken cancellationToken
    )
    {
        var ids = callers.Distinct(StringComparer.Ordinal).ToLookup(caller => Guid.TryParse(caller, out _));

        // The ids of keys from configuration are their names.
        var names = ids[false].ToDictionary(id => id, StringComparer.Ordinal);
        foreach (var (id, name) in await _store.NamesAsync([.. ids[true].Select(Guid.Parse)], cancellationToken))
        {
            names[id.ToString()] = name;
        }

        return names;
    }
}
