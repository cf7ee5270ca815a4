using CogniForge.Messaging;
using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Http;

namespace CogniForge.Serving.Models;

/// <summary>Stores models and their versions.</summary>
internal interface IModelStore
{
    /// <summary>Adds the first version of a model, its event and its audit entry in one transaction.</summary>
    /// <returns>False if a model with that name exists.</returns>
    Task<bool> AddAsync(
        ModelVersion version,
        CloudEvent announcement,
        AuditEntry entry,
        CancellationToken cancellationToken
    );

    /// <summary>Finds a version of a model, or its newest version if <paramref name="version"/> is null.</summary>
    Task<ModelVersion?> FindAsync(string name, int? version, CancellationToken cancellationToken);

    /// <summary>Lists the newest version of each model, oldest model first.</summary>
    Task<Page<ModelVersion>> ListAsync(Cursor cursor, int limit, CancellationToken cancellationToken);

    /// <summary>Counts the models.</summary>
    Task<long> CountAsync(CancellationToken cancellationToken);
}
