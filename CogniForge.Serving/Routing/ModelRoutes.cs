using CogniForge.Serving.Models;
using CogniForge.Serving.Routing.Canaries;

namespace CogniForge.Serving.Routing;

/// <summary>Finds the routes of models, cached as <see cref="RegistryCache{T}"/> describes.</summary>
internal sealed class ModelRoutes(
    IModelStore models,
    IRoutingStore routings,
    TrafficRegistry traffic,
    CanaryRecorders recorders,
    TimeProvider time
) : IDisposable
{
    private readonly RegistryCache<ModelRoute> _cache = new(time);

    public void Dispose() => _cache.Dispose();

    /// <summary>Finds the route of a model; null: the model does not exist.</summary>
    public ValueTask<ModelRoute?> FindAsync(string name, CancellationToken cancellationToken) =>
        _cache.GetFresh(name) is { } fresh
            ? new(fresh)
            : new(_cache.LoadAsync(name, known => LoadAsync(name, known, cancellationToken)));

    private async Task<ModelRoute?> LoadAsync(string name, ModelRoute? known, CancellationToken cancellationToken)
    {
        if (await models.FindModelAsync(name, cancellationToken) is not { } model)
        {
            return null;
        }

        var counter = known?.Turns ?? new RequestCounter();
        var byDefault = await FindAsync(model.ServingVersion);
        if (await routings.FindAsync(name, cancellationToken) is not { } routing)
        {
            return new(name, byDefault, null, [], null, null, counter);
        }

        var policy = routing.Policy;
        var targets = new List<RouteTarget>();
        foreach (var (i, target) in policy.Targets!.Index())
        {
            if (
                await FindAsync(Resolve(target!.Version, target.Alias)) is
                { Version.State: VersionState.Serving } found
            )
            {
                var share = routing.Canary?.Share;
                targets.Add(found with { Weight = (i == 0 ? 100 - share : share) ?? target.Weight ?? 1 });
            }
        }

        return new(
            name,
            byDefault,
            policy,
            [.. targets],
            await FindAsync(policy.Fallback is { } f ? Resolve(f.Version, f.Alias) : null),
            routing.Canary is { Status: CanaryStatus.Running } state && targets.Count == 2
                ? recorders.Get(state.StepId)
                : null,
            counter
        );

        int? Resolve(int? version, string? alias) =>
            version ?? model.Aliases.FirstOrDefault(a => a.Name == alias)?.Version;

        async Task<RouteTarget?> FindAsync(int? version)
        {
            if (version is null || await models.FindAsync(name, version, cancellationToken) is not { } found)
            {
                return null;
            }

            // Parsing a large definition again would take longer than most inferences.
            var same = known?.Find(found.Version);
            return new(same?.Revision == found.Revision ? same : found, traffic.Get(found));
        }
    }
}
