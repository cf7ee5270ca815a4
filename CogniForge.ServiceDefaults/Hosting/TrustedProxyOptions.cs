using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace CogniForge.ServiceDefaults.Hosting;

/// <summary>
/// The proxies whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed (section
/// <c>CogniForge:ForwardedHeaders</c>). Without any, both headers are ignored.
/// </summary>
public sealed class TrustedProxyOptions : IValidatableObject
{
    /// <summary>The addresses of proxies, e.g. <c>10.0.0.7</c>. Default: none.</summary>
    public IReadOnlyList<string> KnownProxies { get; set; } = [];

    /// <summary>The networks of proxies in CIDR notation, e.g. <c>10.0.0.0/8</c>. Default: none.</summary>
    public IReadOnlyList<string> KnownNetworks { get; set; } = [];

    /// <summary>Whether there is any trusted proxy.</summary>
    internal bool HasProxies => KnownProxies.Count + KnownNetworks.Count > 0;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var proxy in KnownProxies.Where(p => !IPAddress.TryParse(p, out _)))
        {
            yield return new($"CogniForge:ForwardedHeaders:KnownProxies must be IP addresses; '{proxy}' is not one.");
        }

        foreach (var network in KnownNetworks.Where(n => !IPNetwork.TryParse(n, out _)))
        {
            yield return new(
                "CogniForge:ForwardedHeaders:KnownNetworks must be networks such as 10.0.0.0/8; "
                    + $"'{network}' is not one."
            );
        }
    }

    /// <summary>Trusts exactly the configured proxies, however many a request passes.</summary>
    internal void Apply(ForwardedHeadersOptions options)
    {
        options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
        options.ForwardLimit = null;
        // .NET trusts loopback by default.
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in KnownProxies)
        {
            options.KnownProxies.Add(IPAddress.Parse(proxy));
        }

        foreach (var network in KnownNetworks)
        {
            options.KnownIPNetworks.Add(IPNetwork.Parse(network));
        }
    }
}
