using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Aspire.Hosting.Orchestration;

internal static class Ports
{
    // Below the range from which systems take the local ports of outgoing connections: a server that is stopped for a while finds its port free again.
    private const int First = 15_000;
    private const int Last = 32_700;
    private static readonly TimeSpan EndOfLastUser = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly HashSet<int> Given = [];

    /// <summary>The loopback addresses that this machine has.</summary>
    public static IReadOnlyList<IPAddress> Loopback { get; } = [.. new[] { IPAddress.Loopback, IPAddress.IPv6Loopback }.Where(a => CanListen(a, 0))];

    public static int Free()
    {
        lock (Given)
        {
            for (var attempt = 0; attempt < 1000; attempt++)
            {
                var port = RandomNumberGenerator.GetInt32(First, Last);
                if (IsFree(port) && Given.Add(port))
                    return port;
            }
        }

        throw new DistributedApplicationException("No free port was found.");
    }

    /// <summary>Whether the port is free, or becomes free while the last user of it is still ending.</summary>
    public static async Task<bool> IsFreeSoonAsync(int port, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!IsFree(port))
        {
            if (TimeProvider.System.GetElapsedTime(start) > EndOfLastUser)
                return false;
            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    private static bool IsFree(int port) => Loopback.All(a => CanListen(a, port));

    private static bool CanListen(IPAddress address, int port)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
