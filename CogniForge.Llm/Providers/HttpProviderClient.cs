using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Resilience;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.Http;

namespace CogniForge.Llm.Providers;

/// <summary>
/// Calls providers over HTTP, without retries and with only a connect timeout: the gateway has its own retries and
/// timeouts.
/// </summary>
internal sealed partial class HttpProviderClient(ProviderApiKeys keys, ILogger<HttpProviderClient> logger)
    : IProviderClient,
        IDisposable
{
    private const string DefaultAnthropicVersion = "2023-06-01";
    private static readonly MediaTypeHeaderValue _json = new("application/json");

    // Not a client of IHttpClientFactory: its logging and rotation handlers cost more than the rest of the call, and
    // the connection pool of this handler already renews its connections.
    private readonly HttpMessageInvoker _http = new(CreateHandler());

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
        using var message = new HttpRequestMessage(request.Method, GetAddress(address, request))
        {
            Content = request.Content,
        };
        if (request is { Content: null, Body.IsEmpty: false })
        {
            message.Content = new ReadOnlyMemoryContent(request.Body);
            message.Content.Headers.ContentType = _json;
        }

        var key = keys.Get(request.Provider);
        AddHeaders(message.Headers, request, key);
        try
        {
            return new HttpProviderResponse(await _http.SendAsync(message, cancellationToken), key);
        }
        catch (Exception e) when (IsUnreachable(e, cancellationToken))
        {
            // The same error for every reason: clients must not learn which ports of a network are open.
            Log.Unreachable(logger, request.Provider.Name, e.GetBaseException().Message);
            throw new ProviderException(HttpProviderErrors.Classify(e), e);
        }
    }

    public void Dispose() => _http.Dispose();

    // Paths of other calls contain ids, of which there is no end.
    private Uri GetAddress(Uri address, ProviderRequest request) =>
        request is { Content: null, Body.IsEmpty: false }
            ? _addresses.GetOrAdd((address, request.Path), static a => new(a.Address, a.Path))
            : new(address, request.Path);

    // .NET does not wrap the SocketException of a connection that the provider resets at once.
    private static bool IsUnreachable(Exception e, CancellationToken cancellationToken) =>
        e is HttpRequestException or SocketException
        || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested); // connect timeout

    /// <summary>Forwards header values as the bytes that the client sent; the default rejects all but ASCII.</summary>
    private static SocketsHttpHandler CreateHandler()
    {
        var handler = OutboundHandler.Create();
        handler.RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8;
        return handler;
    }

    private static void AddHeaders(HttpRequestHeaders headers, ProviderRequest request, string? key)
    {
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

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.ProviderUnreachable,
            LogLevel.Information,
            "The provider {Provider} does not respond: {Reason}"
        )]
        public static partial void Unreachable(ILogger logger, string provider, string reason);
    }
}
