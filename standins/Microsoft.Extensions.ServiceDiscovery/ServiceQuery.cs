namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>What an address asks for: <c>https+http://_endpoint.service</c>, where all but the service may be missing.</summary>
internal sealed record ServiceQuery(string[] Schemes, string Service, string? Endpoint)
{
    public static ServiceQuery Of(Uri address)
    {
        var (host, dot) = (address.Host, address.Host.IndexOf('.'));
        var named = host.StartsWith('_') && dot > 1 && !host.EndsWith('.');
        return new(address.Scheme.Split('+'), named ? host[(dot + 1)..] : host, named ? host[1..dot] : null);
    }
}
