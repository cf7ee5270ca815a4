using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Sockets;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Resilience;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Providers;

/// <summary>
/// Calls providers over HTTP, without retries and with only a connect timeout: the gateway has its own retries and
/// other timeouts.
/// </summary>
internal sealed partial class HttpProviderClient(
    ProviderApiKeys keys,
    ProviderConnections connections,
    ILogger<HttpProviderClient> logger
) : IProviderClient
{
    private static readonly MediaTypeHeaderValue _json = new("application/json");

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

        message.Headers.ExpectContinue = request.Content is ClientContent ? true : null;
        var key = keys.Get(request.Provider);
        AddHeaders(message.Headers, request, key);
        try
        {
            var http = connections.For(request.Provider, request.ConnectTimeout);
            return new HttpProviderResponse(await http.SendAsync(message, cancellationToken), key);
        }
        catch (Exception e)
        {
            var fault = request.Content is ClientContent content ? await content.StopAsync() : null;
            if (!IsUnreachable(e, cancellationToken))
            {
                throw;
            }

            // The same error for every reason: clients must not learn which ports of a network are open.
            Log.Unreachable(logger, request.Provider.Name, e.GetBaseException().Message);
            throw new ProviderException(HttpProviderErrors.Classify(e), fault ?? e);
        }
    }

    // Paths of other calls contain ids or a client's query, of which the number is unbounded.
    private Uri GetAddress(Uri address, ProviderRequest request) =>
        request is { Content: null, Body.IsEmpty: false } && !request.Path.Contains('?', StringComparison.Ordinal)
            ? _addresses.GetOrAdd((address, request.Path), static a => new(a.Address, a.Path))
            : new(address, request.Path);

    // .NET does not wrap the SocketException of a connection that the provider resets at once.
    private static bool IsUnreachable(Exception e, CancellationToken cancellationToken) =>
        e is HttpRequestException or SocketException
        || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested); // connect timeout

    private static void AddHeaders(HttpRequestHeaders headers, ProviderRequest request, string? key)
    {
        ProviderHeaders.AddKey(headers, request.Provider, key);
        if (request.Provider.Kind == ProviderKind.Anthropic && !request.Headers.Any(h => h.Key == "anthropic-version"))
        {
            ProviderHeaders.AddDefaultVersion(headers);
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
