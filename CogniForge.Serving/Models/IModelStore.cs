using CogniForge.Messaging;
using CogniForge.ServiceDefaults.Http;

namespace CogniForge.Serving.Models;

/// <summary>Which models are there?</summary>
internal interface IModelStore
{
    /// <summary>Adds the first version of a model and announces it, both or neither.</summary>
    /// <returns>False when there is a model of that name.</returns>
    Task<bool> AddAsync(ModelVersion version, CloudEvent announcement, CancellationToken cancellationToken);

    /// <summary>A model's version; without a number the newest.</summary>
    Task<ModelVersion?> FindAsync(string name, int? version, CancellationToken cancellationToken);

    /// <summary>The newest versions of the models, in the order of their making.</summary>
    Task<Page<ModelVersion>> ListAsync(Cursor cursor, int limit, CancellationToken cancellationToken);

    /// <summary>How many models there are.</summary>
    Task<long> CountAsync(CancellationToken cancellationToken);
}
