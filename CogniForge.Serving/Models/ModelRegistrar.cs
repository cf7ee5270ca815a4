using CogniForge.Messaging;
using CogniForge.ServiceDefaults;
using CogniForge.ServiceDefaults.Audit;

namespace CogniForge.Serving.Models;

/// <summary>Registers models; the first version serves immediately.</summary>
internal sealed class ModelRegistrar(IModelStore models, ServiceDescription service, TimeProvider time)
{
    /// <summary>Registers a model.</summary>
    /// <returns>Its first version; null if a model with that name exists.</returns>
    public async Task<ModelVersion?> ExecuteAsync(
        string name,
        LogisticModel definition,
        AuditedRequest request,
        CancellationToken cancellationToken
    )
    {
        var version = ModelVersion.Create(name, 1, definition, time.GetUtcNow());
        var promoted = new ModelPromoted(version.Id, version.CreatedAt, version.Name, version.Version);
        var announcement = CloudEvent.Create(
            ModelPromoted.EventType,
            service.EventSource,
            version.CreatedAt,
            promoted,
            System.Diagnostics.Activity.Current?.Id
        );
        var entry = request.ToEntry($"models/{name}", after: ModelResponse.From(version));
        return await models.AddAsync(version, announcement, entry, cancellationToken) ? version : null;
    }
}
