using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CogniForge.Bench.Suites.Llm;

/// <summary>A provider that streams slowly, and notices when whoever asked hangs up. In this process, so that both ends of a disconnect are on one clock. One request at a time.</summary>
internal sealed class HeldStream : IDisposable
{
    /// <summary>For how long it streams to whoever stays.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);
    private static readonly byte[] _head =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"u8.ToArray();
    private static readonly byte[] _event = Chunk(
        """data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1767225600,"model":"some-model","choices":[{"index":0,"delta":{"role":"assistant","content":"again "},"finish_reason":null}]}"""
            + "\n\n"
    );

    private static readonly byte[] _end = [.. Chunk("data: [DONE]\n\n"), .. "0\r\n\r\n"u8];
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public HeldStream() => _listener.Start();

    public Uri Address => new($"http://{_listener.LocalEndpoint}");

    /// <summary>Takes the next request and streams to it.</summary>
    /// <returns>When the client hung up, a timestamp of the stopwatch; null: it took the whole stream.</returns>
    public async Task<long?> ServeAsync(CancellationToken cancellationToken)
    {
        using var socket = await _listener.AcceptSocketAsync(cancellationToken);
        var buffer = new byte[64 * 1024];
        await socket.ReceiveAsync(buffer, cancellationToken);
        var gone = GoneAsync(socket, buffer, cancellationToken);

        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(_pause);
        try
        {
            await socket.SendAsync(_head, cancellationToken);
            while (!gone.IsCompleted && Stopwatch.GetElapsedTime(started) < Length)
            {
                await socket.SendAsync(_event, cancellationToken);
                await Task.WhenAny(gone, timer.WaitForNextTickAsync(cancellationToken).AsTask());
            }

            if (!gone.IsCompleted)
            {
                await socket.SendAsync(_end, cancellationToken);
                return null;
            }
        }
        catch (SocketException)
        {
            // It has hung up between two events.
        }

        return await gone;
    }

    public void Dispose() => _listener.Dispose();

    /// <summary>Reads on, over what may be left of the request, until there is nobody to read from.</summary>
    private static async Task<long> GoneAsync(Socket socket, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            while (await socket.ReceiveAsync(buffer, cancellationToken) > 0) { }
        }
        catch (SocketException)
        {
            // A reset says the same as an orderly end.
        }

        return Stopwatch.GetTimestamp();
    }

    private static byte[] Chunk(string text) =>
        Encoding.UTF8.GetBytes($"{Encoding.UTF8.GetByteCount(text):x}\r\n{text}\r\n");
}
