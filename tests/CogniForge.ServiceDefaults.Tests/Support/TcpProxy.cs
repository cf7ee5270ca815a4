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

    /// <summary>How many connections there have been.</summary>
    public int Connections { get; private set; }

    /// <summary>How many clients wait on a connection that <see cref="Hold"/> has accepted.</summary>
    public int Held => Volatile.Read(ref _held);

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

    /// <summary>
    /// Accepts new connections and sends no byte on them, as a balancer does for a server that is gone. Such a connection
    /// stays silent until its client closes it.
    /// </summary>
    public void Hold() => _holding = true;

    /// <summary>Open connections go silent for good, as if a balancer forgot them; new ones come through.</summary>
    public void Silence() => _silenced = Connections;

    /// <summary>New connections come through again; held and silenced ones stay silent.</summary>
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
            // Disposed of.
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
