using System.Net;
using System.Net.Sockets;

namespace CogniForge.ServiceDefaults.Http;

/// <summary>Connects to addresses that users configure, such as model providers.</summary>
public static class OutboundHandler
{
    /// <summary>The timeout of connecting.</summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Creates a handler without redirects, cookies and trace headers that refuses link-local and metadata addresses,
    /// also behind names (DNS rebinding). A proxy resolves names itself, so then only the URL's host is checked.
    /// </summary>
    /// <param name="proxy">The proxy; <see langword="null"/>: connections are direct.</param>
    public static SocketsHttpHandler Create(IWebProxy? proxy = null) =>
        new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = proxy is not null,
            Proxy = proxy,
            ActivityHeadersPropagator = null,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            EnableMultipleHttp2Connections = true,
            ConnectCallback = ConnectAsync,
        };

    /// <summary>Whether the host of a URL may be connected to, as far as its name or literal tells.</summary>
    /// <param name="address">The absolute URL.</param>
    public static bool IsAllowed(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        try
        {
            return OutboundAddresses.IsAllowed(address.IdnHost);
        }
        catch (UriFormatException)
        {
            return false; // no host name, by the rules of international names
        }
    }

    /// <summary>Whether an address may be connected to.</summary>
    /// <param name="address">The address.</param>
    public static bool IsAllowed(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return OutboundAddresses.IsAllowed(address);
    }

    private static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context,
        CancellationToken cancellationToken
    )
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        IPAddress[] addresses =
            !OutboundAddresses.IsAllowed(host) ? []
            : IPAddress.TryParse(host, out var literal) ? [literal]
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
