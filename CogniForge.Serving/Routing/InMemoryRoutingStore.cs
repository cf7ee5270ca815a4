using CogniForge.ServiceDefaults.Audit;
using CogniForge.Serving.Models;

namespace CogniForge.Serving.Routing;

internal sealed class InMemoryRoutingStore(IModelStore models, IAuditLog audit) : IRoutingStore
{
    private readonly Lock _lock = new();

    // The key is the model's id, because a deleted model's name may be registered again.
    private readonly Dictionary<Guid, ModelRouting> _routings = [];

    public async Task<ModelRouting?> FindAsync(string model, CancellationToken cancellationToken)
    {
        if (await models.FindModelAsync(model, cancellationToken) is not { } found)
        {
            return null;
        }

        lock (_lock)
        {
            return _routings.GetValueOrDefault(found.Id);
        }
    }

    public async Task<IReadOnlyList<ModelRouting>> ListRunningCanariesAsync(CancellationToken cancellationToken)
    {
        List<KeyValuePair<Guid, ModelRouting>> all;
        lock (_lock)
        {
            all = [.. _routings.Where(r => r.Value.Canary?.Status == CanaryStatus.Running)];
        }

        var found = new List<ModelRouting>();
        foreach (var (id, routing) in all)
        {
            if ((await models.FindModelAsync(routing.Model, cancellationToken))?.Id == id)
            {
                found.Add(routing);
            }
        }

        return found;
    }

    public async Task ChangeAsync(
        string model,
        Func<ModelRouting?, RoutingChange?> decide,
        CancellationToken cancellationToken
    )
    {
        var found =
            await models.FindModelAsync(model, cancellationToken) ?? throw RegistryException.UnknownModel(model);
        RoutingChange? change;
        lock (_lock)
        {
            change = decide(_routings.GetValueOrDefault(found.Id));
            if (change is null)
            {
                return;
            }

            if (change.Routing is null)
            {
                _routings.Remove(found.Id);
            }
            else
            {
                _routings[found.Id] = change.Routing;
            }
        }

        await audit.AddAsync(change.Audit, cancellationToken);
    }
}
