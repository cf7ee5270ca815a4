using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Providers;

/// <summary>How are providers reached?</summary>
internal interface IProviderClient
{
    /// <summary>Whether this transport reaches a kind of provider.</summary>
    bool Serves(ProviderKind kind);

    /// <summary>Sends a request; returns when the answer's status is there.</summary>
    /// <exception cref="ProviderException">There is no answer.</exception>
    Task<ProviderResponse> SendAsync(ProviderRequest request, CancellationToken cancellationToken);
}
