using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Orchestration;

/// <summary>Listens on an endpoint's public port and passes connections on to the instances behind it, in turn.</summary>
internal sealed class TcpForwarder : IDisposable
{
    private readonly List<Socket> _listeners = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly int[] _targets;
    private readonly Func<int, bool> _isRunning;
    private int _next = -1;

    /// <param name="targets">The port of each instance.</param>
    /// <param name="isRunning">Whether the instance of this index is up.</param>
    public TcpForwarder(int port, string host, int[] targets, Func<int, bool> isRunning)
    {
        _targets = targets;
        _isRunning = isRunning;
        try
        {
            foreach (var address in Addresses(host))
            {
                var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                _listeners.Add(listener);
                listener.Bind(new IPEndPoint(address, port));
                listener.Listen(512);
            }
        }
        catch
        {
            Dispose();
            throw;
        }

        foreach (var listener in _listeners)
            _ = AcceptAsync(listener);
    }

    public void Dispose()
    {
        _stopping.Cancel();
        foreach (var listener in _listeners)
            listener.Dispose();
    }

    private static IEnumerable<IPAddress> Addresses(string host) =>
        IPAddress.TryParse(host, out var address) ? [address]
        : host is "*" or "+" ? [IPAddress.IPv6Any]
        : Ports.Loopback;

    private async Task AcceptAsync(Socket listener)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var client = await listener.AcceptAsync(_stopping.Token).ConfigureAwait(false);
                _ = ForwardAsync(client);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException) when (!_stopping.IsCancellationRequested)
            {
                // The client has gone again before it was accepted.
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ForwardAsync(Socket client)
    {
        using (client)
        {
            try
            {
                using var server = await ConnectAsync().ConfigureAwait(false);
                if (server is null)
                    return;
                client.NoDelay = true;
                await Task.WhenAll(CopyAsync(client, server), CopyAsync(server, client)).ConfigureAwait(false);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // Either side broke off: closing both is the answer.
            }
        }
    }

    /// <summary>The next instance in turn that is up and takes the connection.</summary>
    private async Task<Socket?> ConnectAsync()
    {
        var first = (int)((uint)Interlocked.Increment(ref _next) % (uint)_targets.Length);
        for (var i = 0; i < _targets.Length; i++)
        {
            var index = (first + i) % _targets.Length;
            if (!_isRunning(index))
                continue;
            foreach (var address in Ports.Loopback)
            {
                var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    await socket.ConnectAsync(new IPEndPoint(address, _targets[index]), _stopping.Token).ConfigureAwait(false);
                    return socket;
                }
                catch (SocketException)
                {
                    socket.Dispose();
                }
            }
        }

        return null;
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        try
        {
            var buffer = new byte[32 * 1024];
            int count;
            while ((count = await from.ReceiveAsync(buffer, _stopping.Token).ConfigureAwait(false)) > 0)
            {
                for (var sent = 0; sent < count;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _stopping.Token).ConfigureAwait(false);
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch
        {
            // A process that was killed resets its connections; the other direction would wait for a client that waits for an answer.
            from.Dispose();
            to.Dispose();
            throw;
        }
    }
}
