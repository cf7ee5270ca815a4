using CogniForge.ServiceDefaults;

namespace CogniForge.Serving.Inference.OpenApi;

/// <summary>The metadata of the server.</summary>
internal sealed record ServerMetadata(string Name, string Version, IReadOnlyList<string> Extensions)
{
    public static ServerMetadata Create(ServiceDescription service) =>
        new("cogniforge", service.Version, ["binary_tensor_data", "model_repository"]);
}
