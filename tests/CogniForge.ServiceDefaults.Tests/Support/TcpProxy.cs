using System.Net;
using System.Net.Sockets;

namespace CogniForge.ServiceDefaults.Tests.Support;

/// <summary>Stands between a service and a server, so that a test can pull the plug.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly HashSet<TcpClient> _open = [];
    private readonly Lock _lock = new();
    private readonly string _host;
    private readonly int _port;
    private readonly Task _accepting;
    private TaskCompletionSource? _stalled;
    private bool _refusing;

    public TcpProxy(string host, int port)
    {
        (_host, _port) = (host, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections there have been.</summary>
    public int Connections { get; private set; }

    /// <summary>Ends the connections that there are; new ones come through.</summary>
    public void Cut()
    {
        lock (_lock)
        {
            foreach (var client in _open)
            {
                client.Client.Close(0);
            }

            _open.Clear();
        }
    }

    /// <summary>Ends the connections and lets no more through until <see cref="Plug"/>.</summary>
    public void Unplug()
    {
        _refusing = true;
        Cut();
    }

    public void Plug() => _refusing = false;

    /// <summary>Passes nothing on until <see cref="Resume"/>, as if the server hung: connections stay and new ones are made, but nobody answers.</summary>
    public void Stall() => _stalled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Resume() => Interlocked.Exchange(ref _stalled, null)?.SetResult();

    public async ValueTask DisposeAsync()
    {
        Resume();
        _listener.Stop();
        Unplug();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                if (_refusing)
                {
                    client.Client.Close(0);
                    continue;
                }

                Connections++;
                _ = ForwardAsync(client);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed of.
        }
    }

    private async Task ForwardAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            lock (_lock)
            {
                _open.Add(client);
                _open.Add(server);
            }

            try
            {
                await server.ConnectAsync(_host, _port);
                await Task.WhenAny(PassOnAsync(client.GetStream(), server.GetStream()), PassOnAsync(server.GetStream(), client.GetStream()));
            }
            catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
            {
                // Cut.
            }
            finally
            {
                lock (_lock)
                {
                    _open.Remove(client);
                    _open.Remove(server);
                }
            }
        }
    }

    private async Task PassOnAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[16 * 1024];
        while (await from.ReadAsync(buffer) is > 0 and var length)
        {
            await (_stalled?.Task ?? Task.CompletedTask);
            await to.WriteAsync(buffer.AsMemory(0, length));
        }
    }
}
