using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>Finds the endpoints of a service in the configuration section <c>Services:{service}:{endpoint or scheme}:{number}</c>.</summary>
internal sealed class ConfiguredEndpoints(IConfiguration configuration, IOptions<ServiceDiscoveryOptions> options)
{
    public ServiceDiscoveryOptions Options => options.Value;

    /// <summary>Read anew each time, so that a change of configuration counts at once.</summary>
    /// <returns>Addresses of one scheme, the first in the query's order that has any; nothing when the service is not configured.</returns>
    public IReadOnlyList<string> Find(ServiceQuery query)
    {
        var service = configuration.GetSection("Services").GetSection(query.Service);
        var schemes = query.Schemes.Where(Options.Allows).ToList();
        string[] names = query.Endpoint is { } endpoint ? [endpoint] : ["default", .. schemes];
        if (names.Select(service.GetSection).FirstOrDefault(s => s.Exists()) is not { } section)
            return [];

        var values = Values(section).ToList();
        var best = schemes.FirstOrDefault(scheme => values.Any(v => SchemeOf(v) == scheme));
        return values.Where(v => SchemeOf(v) is null || SchemeOf(v) == best).ToList();
    }

    private static IEnumerable<string> Values(IConfigurationSection section)
    {
        foreach (var item in string.IsNullOrWhiteSpace(section.Value) ? section.GetChildren() : [section])
        {
            if (item != section && !int.TryParse(item.Key, out _))
                throw new KeyNotFoundException($"The endpoints under '{section.Path}' are not a list: '{item.Key}' is not a number.");
            if (!Uri.TryCreate(WithScheme(item.Value), default, out _))
                throw new KeyNotFoundException($"'{item.Path}' is not an address.");
            yield return item.Value!;
        }
    }

    /// <summary>An address may be a host and port alone; it then takes the scheme of the request.</summary>
    public static string? SchemeOf(string value) => value.Contains("://", StringComparison.Ordinal) ? new Uri(value).Scheme : null;

    private static string? WithScheme(string? value) =>
        string.IsNullOrWhiteSpace(value) || value.Contains("://", StringComparison.Ordinal) ? value : $"any://{value}";
}
