using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CogniForge.Bench.Suites.Llm;

/// <summary>A provider that streams slowly and notices when its client disconnects; one request at a time.</summary>
/// <remarks>It runs in this process, so both ends of a disconnect use one clock.</remarks>
internal sealed class SlowProvider : IDisposable
{
    /// <summary>The length of the whole stream.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);
    private static readonly byte[] _head = Encoding.ASCII.GetBytes(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
            + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    );
    private static readonly byte[] _event = Chunk(
        """data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1767225600"""
            + ""","model":"some-model","choices":[{"index":0"""
            + ""","delta":{"role":"assistant","content":"again "},"finish_reason":null}]}"""
            + "\n\n"
    );

    private static readonly byte[] _end = [.. Chunk("data: [DONE]\n\n"), .. "0\r\n\r\n"u8];
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public SlowProvider() => _listener.Start();

    public Uri Address => new($"http://{_listener.LocalEndpoint}");

    /// <summary>Accepts the next request and streams to it.</summary>
    /// <returns>When the client disconnected, as a stopwatch timestamp; null if it read the whole stream.</returns>
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
            // The client disconnected between two events.
        }

        return await gone;
    }

    public void Dispose() => _listener.Dispose();

    /// <summary>Reads and discards the rest of the request until the client disconnects.</summary>
    private static async Task<long> GoneAsync(Socket socket, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            while (await socket.ReceiveAsync(buffer, cancellationToken) > 0) { }
        }
        catch (SocketException)
        {
            // A reset also means that the client disconnected.
        }

        return Stopwatch.GetTimestamp();
    }

    private static byte[] Chunk(string text) =>
        Encoding.UTF8.GetBytes($"{Encoding.UTF8.GetByteCount(text):x}\r\n{text}\r\n");
}
