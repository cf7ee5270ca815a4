using System.Collections.Concurrent;
using CogniForge.Messaging;
using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Http;

namespace CogniForge.Serving.Models;

internal sealed class InMemoryModelStore(IEventPublisher publisher, IAuditLog audit) : IModelStore
{
    private readonly ConcurrentDictionary<string, ModelVersion> _models = new(StringComparer.Ordinal);

    public async Task<bool> AddAsync(
        ModelVersion version,
        CloudEvent announcement,
        AuditEntry entry,
        CancellationToken cancellationToken
    )
    {
        if (!_models.TryAdd(version.Name, version))
        {
            return false;
        }

        await audit.AddAsync(entry, cancellationToken);
        await publisher.PublishAsync(announcement, cancellationToken);
        return true;
    }

    public Task<ModelVersion?> FindAsync(string name, int? version, CancellationToken cancellationToken) =>
        Task.FromResult(
            _models.TryGetValue(name, out var found) && (version is null || version == found.Version) ? found : null
        );

    public Task<Page<ModelVersion>> ListAsync(Cursor cursor, int limit, CancellationToken cancellationToken) =>
        Task.FromResult(
            Page.Create(
                [.. _models.Values.Where(v => v.Id > cursor.AfterId).OrderBy(v => v.Id).Take(limit + 1)],
                limit,
                v => Cursor.After(v.Id),
                v => LogisticDefinition.Write(v.Definition).Length
            )
        );

    public Task<long> CountAsync(CancellationToken cancellationToken) => Task.FromResult((long)_models.Count);
}
