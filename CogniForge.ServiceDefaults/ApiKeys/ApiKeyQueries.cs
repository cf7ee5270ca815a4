namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>Looks keys up by their ids: those that were revoked too, for what they did stays.</summary>
public sealed class ApiKeyQueries
{
    private readonly IApiKeyStore _store;
    private readonly IKeyLimits? _limits;

    internal ApiKeyQueries(IApiKeyStore store, IKeyLimits? limits) => (_store, _limits) = (store, limits);

    /// <summary>The caller that has a key; <see langword="null"/>: there is none. Keys from configuration are not found.</summary>
    /// <param name="id">The key's id.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Caller?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        await _store.GetAsync(id, cancellationToken) is { } key ? Caller.OfKey(key, _limits) : null;

    /// <summary>The present names of callers, by their ids; a key that is not there has none.</summary>
    /// <param name="callers">Ids of callers (<see cref="Caller.Id"/>).</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyDictionary<string, string>> NamesAsync(
        IEnumerable<string> callers,
        CancellationToken cancellationToken
    )
    {
        var ids = callers.Distinct(StringComparer.Ordinal).ToLookup(caller => Guid.TryParse(caller, out _));
        var names = ids[false].ToDictionary(id => id, StringComparer.Ordinal); // keys from configuration: their ids are their names
        foreach (var (id, name) in await _store.NamesAsync([.. ids[true].Select(Guid.Parse)], cancellationToken))
        {
            names[id.ToString()] = name;
        }

        return names;
    }
}
