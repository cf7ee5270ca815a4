using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Providers;

/// <summary>Calls providers over one transport.</summary>
internal interface IProviderClient
{
    /// <summary>Whether this client supports a kind of provider.</summary>
    bool Serves(ProviderKind kind);

    /// <summary>Sends a request and returns once the status of the response is known.</summary>
    /// <exception cref="ProviderException">The provider is unreachable or sends no response.</exception>
    Task<ProviderResponse> SendAsync(ProviderRequest request, CancellationToken cancellationToken);
}
