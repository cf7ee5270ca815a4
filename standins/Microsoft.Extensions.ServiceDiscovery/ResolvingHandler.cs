using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>Sends a request to an endpoint of the service that its address names, one after the other, or to the host of that name.</summary>
internal sealed class ResolvingHandler(ConfiguredEndpoints endpoints) : DelegatingHandler
{
    private readonly ConcurrentDictionary<string, StrongBox<uint>> _turns = new();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var original = request.RequestUri ?? throw new InvalidOperationException("A request without an address cannot be resolved.");
        request.RequestUri = Resolve(original);
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            request.RequestUri = original;
        }
    }

    private Uri Resolve(Uri address)
    {
        var query = ServiceQuery.Of(address);
        var found = endpoints.Find(query);
        if (found.Count == 0)
            return Rewrite(address, AllowedScheme(query), query.Service);

        var turn = Interlocked.Increment(ref _turns.GetOrAdd(address.Authority, _ => new()).Value);
        var value = found[(int)(turn % found.Count)];
        var scheme = ConfiguredEndpoints.SchemeOf(value);
        var endpoint = new Uri(scheme is null ? $"any://{value}" : value);
        return Rewrite(address, scheme ?? AllowedScheme(query), endpoint.Host, endpoint.Port, endpoint.AbsolutePath);
    }

    private string AllowedScheme(ServiceQuery query)
    {
        var scheme = query.Schemes[0];
        return query.Schemes.Length == 1 || endpoints.Options.Allows(scheme)
            ? scheme
            : throw new InvalidOperationException($"The scheme '{scheme}' is not allowed.");
    }

    private static Uri Rewrite(Uri address, string scheme, string host, int port = -1, string basePath = "/")
    {
        var result = new UriBuilder(address) { Scheme = scheme, Host = host };
        if (port > 0)
            result.Port = port;
        if (basePath.Length > 1)
            result.Path = $"{basePath.TrimEnd('/')}/{address.AbsolutePath.TrimStart('/')}";
        return result.Uri;
    }
}
