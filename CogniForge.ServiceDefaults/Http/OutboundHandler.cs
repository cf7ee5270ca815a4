using System.Net;
using System.Net.Sockets;

namespace CogniForge.ServiceDefaults.Http;

/// <summary>Connects to addresses that users configure, such as model providers.</summary>
public static class OutboundHandler
{
    /// <summary>The timeout of connecting.</summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Creates a handler without redirects, cookies and trace headers that refuses link-local addresses, where a
    /// cloud's metadata service hands out credentials. It connects to the address that it checked (DNS rebinding).
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

            // 169.254.169.254 is the metadata service of most clouds.
            return (bytes[0], bytes[1]) is not ((169, 254) or (0, _)) && !address.Equals(IPAddress.Broadcast);
        }

        return !address.IsIPv6LinkLocal && !address.Equals(_metadataV6) && !address.Equals(IPAddress.IPv6Any);
    }

    /// <summary>
    /// The IPv4 address inside an IPv6 address: mapped or compatible (RFC 4291 §2.5.5), NAT64 (RFC 6052) or 6to4 (RFC
    /// 3056); null: none.
    /// </summary>
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
                $"{host} has no permitted address."
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
