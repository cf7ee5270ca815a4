using System.Text;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Http;
using Microsoft.Extensions.Options;

namespace CogniForge.Llm.Providers;

/// <summary>
/// The HTTP connections to providers, a pool for each proxy. Proxies come only from configuration: one for a plain
/// <c>http</c> address sees the API key.
/// </summary>
internal sealed class ProviderConnections : IDisposable
{
    private const string Proxy = "Proxy";
    private readonly HttpMessageInvoker _default;
    private readonly Dictionary<string, HttpMessageInvoker> _byProvider = new(StringComparer.OrdinalIgnoreCase);

    public ProviderConnections(IConfiguration configuration, IOptions<OutboundOptions> options)
    {
        var noProxy = options.Value.NoProxy;
        _default = Create(options.Value.Proxy);
        foreach (var provider in configuration.GetSection("Providers").GetChildren())
        {
            if (provider[Proxy] is { Length: > 0 } proxy)
            {
                _byProvider[provider.Key] = Create(proxy);
            }
        }

        // Not clients of IHttpClientFactory: its logging and rotation handlers cost more than the rest of the call,
        // and the connection pool of this handler already renews its connections.
        HttpMessageInvoker Create(string? proxy)
        {
            var handler = OutboundHandler.Create(OutboundProxy.Create(proxy, noProxy, name => configuration[name]));

            // Forwards header values as the bytes that the client sent; the default rejects all but ASCII.
            handler.RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8;
            return new(handler);
        }
    }

    public HttpMessageInvoker For(Provider provider) => _byProvider.GetValueOrDefault(provider.Name, _default);

    public static bool IsProxy(IConfigurationSection setting) =>
        setting.Key.Equals(Proxy, StringComparison.OrdinalIgnoreCase);

    /// <summary>Validates the proxy of a provider.</summary>
    public static IEnumerable<FieldError> Validate(IConfigurationSection provider, IConfiguration configuration) =>
        OutboundProxy.IsValid(provider[Proxy], name => configuration[name]) ? [] : [new("proxy", OutboundProxy.Rule)];

    public void Dispose()
    {
        _default.Dispose();
        foreach (var connections in _byProvider.Values)
        {
            connections.Dispose();
        }
    }
}
