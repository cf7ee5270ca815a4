using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Providers;

/// <summary>How are providers reached?</summary>
internal interface ITransport
{
    /// <summary>Whether this transport reaches a kind of provider.</summary>
    bool Serves(ProviderKind kind);

    /// <summary>Sends a request; returns when the answer's status is there.</summary>
    /// <exception cref="TransportException">There is no answer.</exception>
    Task<UpstreamAnswer> SendAsync(UpstreamRequest request, CancellationToken cancellationToken);
}
