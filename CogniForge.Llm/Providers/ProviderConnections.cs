using System.Collections.Concurrent;
using System.Text;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Http;
using Microsoft.Extensions.Options;

namespace CogniForge.Llm.Providers;

/// <summary>
/// The HTTP connections to providers, a pool for each proxy and connect timeout. Proxies come only from configuration:
/// one for a plain <c>http</c> address sees the API key.
/// </summary>
internal sealed class ProviderConnections(IConfiguration configuration, IOptions<OutboundOptions> options) : IDisposable
{
    private const string Proxy = "Proxy";
    private readonly Dictionary<string, string> _proxies = configuration
        .GetSection("Providers")
        .GetChildren()
        .Where(p => !string.IsNullOrEmpty(p[Proxy]))
        .ToDictionary(p => p.Key, p => p[Proxy]!, StringComparer.OrdinalIgnoreCase);

    // Bounded by the configured proxies and connect timeouts.
    private readonly ConcurrentDictionary<(string? Proxy, TimeSpan ConnectTimeout), HttpMessageInvoker> _pools = new();

    public HttpMessageInvoker For(Provider provider, TimeSpan connectTimeout) =>
        _pools.GetOrAdd((_proxies.GetValueOrDefault(provider.Name) ?? options.Value.Proxy, connectTimeout), Create);

    public static bool IsProxy(IConfigurationSection setting) =>
        setting.Key.Equals(Proxy, StringComparison.OrdinalIgnoreCase);

    /// <summary>Validates the proxy of a provider.</summary>
    public static IEnumerable<FieldError> Validate(IConfigurationSection provider, IConfiguration configuration) =>
        OutboundProxy.IsValid(provider[Proxy], name => configuration[name]) ? [] : [new("proxy", OutboundProxy.Rule)];

    public void Dispose()
    {
        foreach (var connections in _pools.Values)
        {
            connections.Dispose();
        }
    }

    // Not a client of IHttpClientFactory: its logging and rotation handlers cost more than the rest of the call, and
    // the connection pool of this handler already renews its connections.
    private HttpMessageInvoker Create((string? Proxy, TimeSpan ConnectTimeout) pool)
    {
        var proxy = OutboundProxy.Create(pool.Proxy, options.Value.NoProxy, name => configuration[name]);
        var handler = OutboundHandler.Create(proxy);
        handler.ConnectTimeout = pool.ConnectTimeout;

        // Forwards header values as the bytes that the client sent; the default rejects all but ASCII.
        handler.RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8;
        return new(handler);
    }
}
