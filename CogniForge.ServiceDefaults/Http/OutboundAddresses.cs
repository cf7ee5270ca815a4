using System.Net;
using System.Net.Sockets;

namespace CogniForge.ServiceDefaults.Http;

/// <summary>
/// The addresses that users must not make the services connect to: those of clouds' metadata services, which hand out
/// credentials, and those that are no server's.
/// </summary>
internal static class OutboundAddresses
{
    private static readonly IPNetwork[] _refused =
    [
        .. new[]
        {
            "0.0.0.0/8", // this machine
            "169.254.0.0/16", // link-local: AWS (also ECS and EKS), Azure, Google, Oracle and most others
            "100.100.100.200/32", // Alibaba
            "168.63.129.16/32", // Azure's wire server
            "192.0.0.0/24", // Oracle Cloud Classic
            "255.255.255.255/32",
            "::/128",
            "fe80::/10", // link-local: OpenStack
            "fec0::/10", // site-local, the deprecated form
            "fd00:ec2::/32", // AWS
            "fd00:c1::/32", // Oracle
            "fd00:42::/32", // Scaleway
            "fd00:a9fe:a9fe::/48", // Akamai (Linode)
            "fd20:ce::/32", // Google
        }.Select(n => IPNetwork.Parse(n)),
    ];

    private static readonly string[] _names =
    [
        "metadata",
        "metadata.goog",
        "metadata.google.internal",
        "metadata.tencentyun.com",
        "metadata.platformequinix.com",
        "api.metadata.cloud.ibm.com",
        "instance-data",
        "instance-data.ec2.internal",
    ];

    private static readonly IPNetwork _nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork _localNat64 = IPNetwork.Parse("64:ff9b:1::/48");
    private static readonly IPNetwork _sixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork _teredo = IPNetwork.Parse("2001::/32");
    private static readonly IPNetwork _mapped = IPNetwork.Parse("::ffff:0:0/96");
    private static readonly IPNetwork _translated = IPNetwork.Parse("::ffff:0:0:0/96");
    private static readonly IPNetwork _compatible = IPNetwork.Parse("::/96");

    /// <summary>Whether a host name or literal is allowed; the addresses behind a name are not looked up.</summary>
    public static bool IsAllowed(string host) =>
        IPAddress.TryParse(host, out var address)
            ? IsAllowed(address)
            : !_names.Contains(host.TrimEnd('.'), StringComparer.OrdinalIgnoreCase);

    public static bool IsAllowed(IPAddress address) =>
        !IsRefused(address)
        && (address.AddressFamily != AddressFamily.InterNetworkV6 || !GetEmbedded(address).Any(IsRefused));

    private static bool IsRefused(IPAddress address) => _refused.Any(n => n.Contains(address));

    /// <summary>The IPv4 addresses to which a gateway or a tunnel may forward packets to an IPv6 address.</summary>
    private static IEnumerable<IPAddress> GetEmbedded(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        if (
            !address.Equals(IPAddress.IPv6Loopback)
            && new[] { _mapped, _translated, _compatible, _nat64, _localNat64 }.Any(n => n.Contains(address))
        )
        {
            yield return new(bytes.AsSpan(12)); // RFC 4291 §2.5.5, RFC 7915, RFC 6052
        }

        if (_localNat64.Contains(address))
        {
            yield return new([bytes[6], bytes[7], bytes[9], bytes[10]]); // RFC 6052 §2.2 for a prefix of 48 bits
        }

        if (_sixToFour.Contains(address))
        {
            yield return new(bytes.AsSpan(2, 4)); // RFC 3056
        }

        if (_teredo.Contains(address))
        {
            yield return new([.. bytes[12..].Select(b => (byte)~b)]); // RFC 4380: inverted
        }

        if ((bytes[8] & 0b1111_1101) == 0 && bytes.AsSpan(9, 3).SequenceEqual<byte>([0, 0x5e, 0xfe]))
        {
            yield return new(bytes.AsSpan(12)); // ISATAP (RFC 5214)
        }
    }
}
