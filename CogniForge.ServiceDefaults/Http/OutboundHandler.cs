using System.Net;
using System.Net.Sockets;

namespace CogniForge.ServiceDefaults.Http;

/// <summary>Connections to addresses that users register: model providers, inference servers, probes, webhooks.</summary>
public static class OutboundHandler
{
    /// <summary>The longest wait for a connection.</summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Creates a handler that follows no redirects, keeps no cookies, tells nothing of our traces, and refuses link-local addresses: behind those a cloud's metadata service gives out
    /// the machine's own credentials. The name is resolved once and the checked address is the one that is connected to.
    /// </summary>
    public static SocketsHttpHandler Create() =>
        new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            EnableMultipleHttp2Connections = true,
            ConnectCallback = ConnectAsync,
        };

    /// <summary>Whether an address may be connected to.</summary>
    /// <param name="address">The address.</param>
    public static bool IsAllowed(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (Inner(address) is { } inner)
        {
            address = inner;
        }

        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            var bytes = address.GetAddressBytes();
            return (bytes[0], bytes[1]) is not ((169, 254) or (0, _)) && !address.Equals(IPAddress.Broadcast); // 169.254.169.254 and its kin
        }

        return !address.IsIPv6LinkLocal && !address.Equals(_metadataV6) && !address.Equals(IPAddress.IPv6Any);
    }

    /// <summary>The IPv4 address that an IPv6 address leads to: mapped or compatible (RFC 4291 §2.5.5), by NAT64 (RFC 6052) or 6to4 (RFC 3056); null: none.</summary>
    private static IPAddress? Inner(IPAddress address)
    {
        if (
            address.AddressFamily != AddressFamily.InterNetworkV6
            || address.Equals(IPAddress.IPv6Loopback)
            || address.Equals(IPAddress.IPv6Any)
        )
        {
            return null;
        }

        var bytes = address.GetAddressBytes().AsSpan();
        var hasPrefix =
            address.IsIPv4MappedToIPv6 || bytes[..12].IndexOfAnyExcept((byte)0) < 0 || bytes.StartsWith(_nat64);
        return hasPrefix ? new(bytes[12..])
            : bytes.StartsWith(_sixToFour) ? new(bytes[2..6])
            : null;
    }

    private static readonly byte[] _nat64 = [0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0];
    private static readonly byte[] _sixToFour = [0x20, 0x02];
    private static readonly IPAddress _metadataV6 = IPAddress.Parse("fd00:ec2::254");

    private static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context,
        CancellationToken cancellationToken
    )
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = IPAddress.TryParse(host, out var literal)
            ? [literal]
            : await Dns.GetHostAddressesAsync(host, cancellationToken);
        var allowed = Array.FindAll(addresses, IsAllowed);
        if (allowed.Length == 0)
        {
            throw new HttpRequestException(
                HttpRequestError.ConnectionError,
                $"{host} has no address that may be connected to."
            );
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
