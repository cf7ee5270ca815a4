using CogniForge.Messaging;
using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Http;

namespace CogniForge.Serving.Models;

internal sealed class InMemoryModelStore(IEventPublisher publisher, IAuditLog audit) : IModelStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, RegisteredModel> _models = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Name, int Version), ModelVersion> _versions = [];
    private readonly Dictionary<Guid, AliasMove> _moves = [];

    public Task<RegisteredModel?> FindModelAsync(string name, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_models.GetValueOrDefault(name) is { } model ? Complete(model) : null);
        }
    }

    public Task<ModelVersion?> FindAsync(string name, int? version, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var number =
                version ?? (_models.GetValueOrDefault(name) is { } model ? Complete(model).ServingVersion : null);
            return Task.FromResult(number is { } n ? _versions.GetValueOrDefault((name, n)) : null);
        }
    }

    public Task<ModelVersion?> FindByAliasAsync(string name, string alias, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(
                _models.GetValueOrDefault(name)?.Aliases.FirstOrDefault(a => a.Name == alias) is { } found
                    ? _versions.GetValueOrDefault((name, found.Version))
                    : null
            );
        }
    }

    public Task<IReadOnlyList<ModelVersion>> ListEnsemblesAsync(string model, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<ModelVersion>>([
                .. _versions
                    .Values.Where(v => v.Kind == ModelKind.Ensemble && v.State != VersionState.Retired)
                    .OrderBy(v => v.Id),
            ]);
        }
    }

    public Task<Page<RegisteredModel>> ListModelsAsync(Cursor cursor, int limit, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(
                Page.Create(
                    [
                        .. _models
                            .Values.Where(m => m.Id > cursor.AfterId)
                            .OrderBy(m => m.Id)
                            .Take(limit + 1)
                            .Select(Complete),
                    ],
                    limit,
                    m => Cursor.After(m.Id),
                    m => StoredSize.Estimate(m)
                )
            );
        }
    }

    public Task<Page<ModelVersion>> ListVersionsAsync(
        string? name,
        Cursor cursor,
        int limit,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
        {
            return Task.FromResult(
                Page.Create(
                    [
                        .. _versions
                            .Values.Where(v => (name is null || v.Name == name) && v.Id > cursor.AfterId)
                            .OrderBy(v => v.Id)
                            .Take(limit + 1)
                            .Select(v => v with { Definition = null }),
                    ],
                    limit,
                    v => Cursor.After(v.Id),
                    v => StoredSize.Estimate(v)
                )
            );
        }
    }

    public Task<IReadOnlyList<LoadableVersion>> ListToLoadAsync(int limit, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<LoadableVersion>>([
                .. _versions
                    .Values.Where(v =>
                        v is
                        {
                            State: VersionState.Ready or VersionState.Serving,
                            Kind: ModelKind.Onnx or ModelKind.Xgboost
                        }
                    )
                    .OrderByDescending(v => v.UpdatedAt)
                    .Take(limit)
                    .Select(v => new LoadableVersion(v.Id, v.Name, v.Version, v.Revision, v.Artifact?.Bytes ?? 0)),
            ]);
        }
    }

    public Task<Page<AliasMove>> ListMovesAsync(
        string name,
        string alias,
        Cursor cursor,
        int limit,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
        {
            return Task.FromResult(
                Page.Create(
                    [
                        .. _moves
                            .Values.Where(m => m.Model == name && m.Alias == alias)
                            .Where(m => cursor.AfterId == default || m.Id < cursor.AfterId)
                            .OrderByDescending(m => m.Id)
                            .Take(limit + 1),
                    ],
                    limit,
                    m => Cursor.After(m.Id)
                )
            );
        }
    }

    public Task<IReadOnlyCollection<Guid>> FindArtifactsAsync(
        IReadOnlyCollection<Guid> ids,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
        {
            var used = _versions.Values.Select(v => v.Artifact?.Id).OfType<Guid>().ToHashSet();
            return Task.FromResult<IReadOnlyCollection<Guid>>([.. ids.Where(used.Contains)]);
        }
    }

    public Task<long> CountAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult((long)_models.Count);
        }
    }

    public async Task ChangeAsync(
        RegistryKey key,
        Func<RegistryState, RegistryChange?> decide,
        CancellationToken cancellationToken
    )
    {
        RegistryChange? change;
        lock (_lock)
        {
            change = decide(Load(key));
            if (change is null)
            {
                return;
            }

            Apply(change);
        }

        await audit.AddAsync(change.Audit, cancellationToken);
        foreach (var e in change.Events)
        {
            await publisher.PublishAsync(e, cancellationToken);
        }
    }

    private RegistryState Load(RegistryKey key)
    {
        var model = _models.GetValueOrDefault(key.Model);
        var alias = model?.Aliases.FirstOrDefault(a => a.Name == key.Alias);
        var current = alias is null ? null : _moves[alias.MoveId];
        var previous = current?.PreviousId is { } id ? _moves[id] : null;
        var version = (key.Version ?? previous?.ToVersion) is { } number
            ? _versions.GetValueOrDefault((key.Model, number))
            : null;
        return new(
            model is null ? null : Complete(model),
            version is null ? null : version with { Definition = null },
            current,
            previous
        );
    }

    private void Apply(RegistryChange change)
    {
        if (change.DeletedModel is { } model)
        {
            _models.Remove(model.Name);
            RemoveAll(_versions, v => v.Name == model.Name);
            RemoveAll(_moves, m => m.Model == model.Name);
        }

        if (change.DeletedVersion is { } deleted)
        {
            _versions.Remove((deleted.Name, deleted.Version));
        }

        if (change.Model is { } changed)
        {
            _models[changed.Name] = changed;
        }

        if (change.Version is { } version)
        {
            // A changed version was loaded without its definition, which never changes.
            var stored = _versions.GetValueOrDefault((version.Name, version.Version));
            _versions[(version.Name, version.Version)] = version with
            {
                Definition = stored is null ? version.Definition : stored.Definition,
            };
        }

        if (change.Move is { } move)
        {
            _moves.Add(move.Id, move);
            var owner = _models[move.Model];
            var others = owner.Aliases.Where(a => a.Name != move.Alias);
            _models[move.Model] = owner with
            {
                Aliases = move.ToVersion is { } to
                    ? [.. others.Append(new(move.Alias, to, move.Id)).OrderBy(a => a.Name, StringComparer.Ordinal)]
                    : [.. others],
            };
        }
    }

    private RegisteredModel Complete(RegisteredModel model)
    {
        var versions = _versions.Values.Where(v => v.Name == model.Name).ToList();
        return model with
        {
            LatestVersion = versions.Max(v => (int?)v.Version),
            ServingVersion = versions.Where(v => v.State == VersionState.Serving).Max(v => (int?)v.Version),
        };
    }

    private static void RemoveAll<TKey, TValue>(Dictionary<TKey, TValue> all, Func<TValue, bool> isRemoved)
        where TKey : notnull
    {
        foreach (var key in all.Where(e => isRemoved(e.Value)).Select(e => e.Key).ToList())
        {
            all.Remove(key);
        }
    }
}
