using System.Collections.Concurrent;
using CogniForge.Serving.Models;

namespace CogniForge.Serving.Routing;

/// <summary>What this replica observes of each version that it has used. Thread-safe.</summary>
internal sealed class TrafficRegistry(TimeProvider time)
{
    private const int MaxVersions = 10_000;
    private readonly ConcurrentDictionary<Guid, VersionTraffic> _versions = new();

    public VersionTraffic Get(ModelVersion version)
    {
        if (_versions.TryGetValue(version.Id, out var known))
        {
            return known;
        }

        if (_versions.Count >= MaxVersions)
        {
            foreach (var idle in _versions.Where(v => v.Value.Outstanding == 0))
            {
                _versions.TryRemove(idle);
            }
        }

        return _versions.GetOrAdd(version.Id, _ => new VersionTraffic(time));
    }
}
