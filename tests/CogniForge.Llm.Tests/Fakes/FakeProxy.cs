using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CogniForge.Llm.Tests.Fakes;

/// <summary>
/// An HTTP proxy: forwards absolute-form requests and CONNECT tunnels to <c>127.0.0.1</c>, and records their heads.
/// </summary>
internal sealed class FakeProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _heads = new();
    private readonly string? _credentials;
    private Task _accepting = Task.CompletedTask;

    private FakeProxy(string? credentials) => _credentials = credentials;

    /// <summary>The heads of all requests so far: request line and headers.</summary>
    public IReadOnlyList<string> Heads => [.. _heads];

    /// <summary>The first lines of all requests so far.</summary>
    public IEnumerable<string> RequestLines => Heads.Select(h => h.Split("\r\n")[0]);

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <param name="credentials">The required <c>user:password</c>; null: none.</param>
    public static FakeProxy Start(string? credentials = null)
    {
        var proxy = new FakeProxy(credentials);
        proxy._listener.Start();
        proxy._accepting = proxy.AcceptAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient connection)
    {
        using var client = connection;
        var stream = client.GetStream();
        try
        {
            while (await ReadHeadAsync(stream) is { } head)
            {
                _heads.Enqueue(head);
                if (_credentials is not null && !HasCredentials(head))
                {
                    await SkipBodyAsync(stream, head);
                    await WriteAsync(stream, "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=\"p\"\r\n");
                    continue;
                }

                var target = head.Split(' ')[1];
                if (!head.StartsWith("CONNECT ", StringComparison.Ordinal))
                {
                    await ForwardAsync(stream, head, new(target));
                }
                else if (target.EndsWith(":443", StringComparison.Ordinal))
                {
                    await WriteAsync(stream, "HTTP/1.1 502 Unreachable\r\n");
                }
                else
                {
                    await TunnelAsync(stream, int.Parse(target.Split(':')[^1], CultureInfo.InvariantCulture));
                }

                return;
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // One side closed the connection.
        }
    }

    private bool HasCredentials(string head) =>
        head.Contains(
            $"Proxy-Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(_credentials!))}",
            StringComparison.OrdinalIgnoreCase
        );

    private async Task ForwardAsync(NetworkStream client, string head, Uri target)
    {
        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, target.Port, _stop.Token);
        var origin = head.Replace($" {target.AbsoluteUri} ", $" {target.PathAndQuery} ", StringComparison.Ordinal);
        var headers = origin
            .Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", StringComparison.Ordinal)
            .Split("\r\n")
            .Where(l => !l.StartsWith("Proxy-Authorization:", StringComparison.OrdinalIgnoreCase));
        await server.GetStream().WriteAsync(Encoding.ASCII.GetBytes(string.Join("\r\n", headers)), _stop.Token);
        await PumpAsync(client, server.GetStream());
    }

    private async Task TunnelAsync(NetworkStream client, int port)
    {
        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, port, _stop.Token);
        await client.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), _stop.Token);
        await PumpAsync(client, server.GetStream());
    }

    private async Task PumpAsync(NetworkStream client, NetworkStream server)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var (there, back) = (client.CopyToAsync(server, end.Token), server.CopyToAsync(client, end.Token));
        await Task.WhenAny(there, back);
        await end.CancelAsync();
        await Task.WhenAll(there, back);
    }

    private async Task<string?> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0)
            {
                return null;
            }

            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    private async Task SkipBodyAsync(NetworkStream stream, string head)
    {
        var length = head.Split("\r\n")
            .Where(l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
            .Select(l => int.Parse(l["Content-Length:".Length..], CultureInfo.InvariantCulture))
            .FirstOrDefault();
        await stream.ReadExactlyAsync(new byte[length], _stop.Token);
    }

    private async Task WriteAsync(NetworkStream stream, string head) =>
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{head}Content-Length: 0\r\n\r\n"), _stop.Token);
}
