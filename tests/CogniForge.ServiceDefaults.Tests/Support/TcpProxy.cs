using System.Net;
using System.Net.Sockets;

namespace CogniForge.ServiceDefaults.Tests.Support;

/// <summary>A proxy by which a test interrupts the connections between a service and a server.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly HashSet<TcpClient> _open = [];
    private readonly Lock _lock = new();
    private readonly string _host;
    private readonly int _port;
    private readonly Task _accepting;
    private TaskCompletionSource? _stalled;
    private volatile bool _refusing;
    private volatile bool _holding;
    private volatile int _silenced;
    private int _held;

    public TcpProxy(string host, int port)
    {
        (_host, _port) = (host, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The number of connections so far.</summary>
    public int Connections { get; private set; }

    /// <summary>The number of open connections that <see cref="Hold"/> has accepted.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>Closes the open connections; forwards new ones.</summary>
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

    /// <summary>Closes the open connections and refuses new ones until <see cref="Plug"/>.</summary>
    public void Unplug()
    {
        _refusing = true;
        Cut();
    }

    public void Plug() => _refusing = false;

    /// <summary>Forwards no data until <see cref="Resume"/>, like a server that hangs.</summary>
    public void Stall() => _stalled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Resume() => Interlocked.Exchange(ref _stalled, null)?.SetResult();

    /// <summary>
    /// Accepts new connections and forwards no data, like a balancer without a server. They stay silent until their
    /// clients close them.
    /// </summary>
    public void Hold() => _holding = true;

    /// <summary>Silences open connections permanently, as if a balancer forgot them; forwards new ones.</summary>
    public void Silence() => _silenced = Connections;

    /// <summary>Forwards new connections again; held and silenced ones stay silent.</summary>
    public void Release() => _holding = false;

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
                _ = _holding ? HoldAsync(client) : ForwardAsync(client, Connections);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task HoldAsync(TcpClient client)
    {
        using (client)
        {
            Interlocked.Increment(ref _held);
            Add(client);
            try
            {
                await PassOnAsync(client.GetStream(), Stream.Null, () => false);
            }
            catch (Exception e) when (IsCut(e))
            {
                // Cut.
            }
            finally
            {
                Remove(client);
                Interlocked.Decrement(ref _held);
            }
        }
    }

    private async Task ForwardAsync(TcpClient client, int number)
    {
        using var server = new TcpClient();
        using (client)
        {
            Add(client, server);
            try
            {
                await server.ConnectAsync(_host, _port);
                var requests = PassOnAsync(client.GetStream(), server.GetStream(), IsSilenced);
                await Task.WhenAny(requests, PassOnAsync(server.GetStream(), client.GetStream(), IsSilenced));
                if (IsSilenced())
                {
                    await requests; // the client does not learn that the server has gone
                }
            }
            catch (Exception e) when (IsCut(e))
            {
                // Cut.
            }
            finally
            {
                Remove(client, server);
            }
        }

        bool IsSilenced() => number <= _silenced;
    }

    private async Task PassOnAsync(NetworkStream from, Stream to, Func<bool> isSilenced)
    {
        var buffer = new byte[16 * 1024];
        while (await from.ReadAsync(buffer) is > 0 and var length)
        {
            await (_stalled?.Task ?? Task.CompletedTask);
            if (!isSilenced())
            {
                await to.WriteAsync(buffer.AsMemory(0, length));
            }
        }
    }

    private static bool IsCut(Exception e) =>
        e is SocketException or IOException or ObjectDisposedException or InvalidOperationException;

    private void Add(params TcpClient[] ends)
    {
        lock (_lock)
        {
            _open.UnionWith(ends);
        }
    }

    private void Remove(params TcpClient[] ends)
    {
        lock (_lock)
        {
            _open.ExceptWith(ends);
        }
    }
}
