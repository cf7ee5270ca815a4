using System.Collections.Concurrent;
using System.Net.Http.Headers;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Resilience;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.Http;

namespace CogniForge.Llm.Providers;

/// <summary>
/// Calls providers over HTTP, without retries and with only a connect timeout: the gateway has its own retries and
/// timeouts.
/// </summary>
internal sealed class HttpProviderClient(ProviderApiKeys keys) : IProviderClient, IDisposable
{
    private const string DefaultAnthropicVersion = "2023-06-01";
    private static readonly MediaTypeHeaderValue _json = new("application/json");

    // Not a client of IHttpClientFactory: its logging and rotation handlers cost more than the rest of the call, and
    // the connection pool of this handler already renews its connections.
    private readonly HttpMessageInvoker _http = new(OutboundHandler.Create());

    // Bounded by the number of configured provider addresses times the protocols' few paths.
    private readonly ConcurrentDictionary<(Uri Address, string Path), Uri> _addresses = new();

    public bool Serves(ProviderKind kind) => kind != ProviderKind.Mock;

    public async Task<ProviderResponse> SendAsync(ProviderRequest request, CancellationToken cancellationToken)
    {
        var address =
            request.Provider.Address
            ?? throw new ProviderException(
                new(ErrorCategory.Internal, $"The provider {request.Provider.Name} has no address.")
            );
        using var message = new HttpRequestMessage(
            HttpMethod.Post,
            _addresses.GetOrAdd((address, request.Path), static a => new(a.Address, a.Path))
        )
        {
            Content = new ReadOnlyMemoryContent(request.Body),
        };
        message.Content.Headers.ContentType = _json;
        AddHeaders(message.Headers, request);
        try
        {
            return new HttpProviderResponse(await _http.SendAsync(message, cancellationToken));
        }
        catch (HttpRequestException e)
        {
            throw new ProviderException(
                new(
                    ErrorCategory.Network,
                    $"no response ({e.HttpRequestError})",
                    IsUnsent: IsConnectError(e.HttpRequestError)
                ),
                e
            );
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ProviderException(new(ErrorCategory.Timeout, "connect timeout", IsUnsent: true), e);
        }
    }

    public void Dispose() => _http.Dispose();

    private static bool IsConnectError(HttpRequestError error) =>
        error
            is HttpRequestError.ConnectionError
                or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError
                or HttpRequestError.ProxyTunnelError;

    private void AddHeaders(HttpRequestHeaders headers, ProviderRequest request)
    {
        var key = keys.Get(request.Provider.Name);
        if (request.Provider.Kind == ProviderKind.Anthropic)
        {
            if (key is not null)
            {
                headers.TryAddWithoutValidation("x-api-key", key);
            }

            if (!request.Headers.Any(h => h.Key == "anthropic-version"))
            {
                headers.TryAddWithoutValidation("anthropic-version", DefaultAnthropicVersion);
            }
        }
        else if (key is not null)
        {
            headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        }

        foreach (var (name, value) in request.Headers)
        {
            if (request.Protocol == Protocol.Messages || !name.StartsWith("anthropic-", StringComparison.Ordinal))
            {
                headers.TryAddWithoutValidation(name, value);
            }
        }
    }
}
