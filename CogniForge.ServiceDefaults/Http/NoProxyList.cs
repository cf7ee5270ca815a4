using System.Globalization;
using System.Net;

namespace CogniForge.ServiceDefaults.Http;

/// <summary>
/// The hosts of <c>NO_PROXY</c>: a name also stands for its subdomains, as in curl and Go; <c>.name</c> and
/// <c>*.name</c> are the same, <c>10.0.0.0/8</c> is a network, <c>*</c> all.
/// </summary>
internal sealed class NoProxyList
{
    private readonly (string Host, IPNetwork? Network, int? Port)[] _entries;

    private NoProxyList((string, IPNetwork?, int?)[] entries) => _entries = entries;

    public static NoProxyList Parse(string? list) =>
        new([.. (list ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries).Select(ParseEntry)]);

    public bool Contains(Uri url)
    {
        var host = url.IdnHost.TrimEnd('.');
        var address = IPAddress.TryParse(host, out var literal) ? literal : null;
        return Array.Exists(
            _entries,
            e =>
                (e.Port is null || e.Port == url.Port)
                && (e.Network is { } network ? address is not null && network.Contains(address) : IsName(host, e.Host))
        );
    }

    private static bool IsName(string host, string entry) =>
        entry == "*"
        || host.Equals(entry, StringComparison.OrdinalIgnoreCase)
        || host.EndsWith($".{entry}", StringComparison.OrdinalIgnoreCase);

    private static (string, IPNetwork?, int?) ParseEntry(string entry)
    {
        int? port = null;
        var colon = entry.LastIndexOf(':');
        if (
            colon > 0
            && (entry.IndexOf(':') == colon || entry[colon - 1] == ']')
            && int.TryParse(entry.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        )
        {
            (entry, port) = (entry[..colon], number);
        }

        entry = entry.Trim('[', ']');
        IPNetwork? network =
            IPNetwork.TryParse(entry, out var range) ? range
            : IPAddress.TryParse(entry, out var address)
                ? new(address, address.GetAddressBytes().Length * 8)
            : null;
        var name = entry.StartsWith("*.", StringComparison.Ordinal) ? entry[2..] : entry.TrimStart('.');
        return (name, network, port);
    }
}
