using Refit;

namespace CogniForge.Web.Clients;

/// <summary>The calls that Web makes to model serving.</summary>
internal interface IServingClient
{
    [Get("/api/v1/serving/models/count")]
    Task<Count> CountModelsAsync(CancellationToken cancellationToken);

    [Get("/api/v1/serving/inferences/count")]
    Task<Count> CountInferencesAsync(CancellationToken cancellationToken);
}
