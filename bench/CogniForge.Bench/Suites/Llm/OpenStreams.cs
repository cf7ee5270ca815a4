using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CogniForge.Bench.Load;
using CogniForge.Bench.Processes;

namespace CogniForge.Bench.Suites.Llm;

/// <summary>Clients that each read one stream of the <see cref="StreamingProvider"/>. Disposal closes them.</summary>
internal sealed class OpenStreams : IDisposable
{
    private const int Openers = 256; // each waits for its first token
    private readonly Lock _lock = new();
    private readonly List<Socket> _sockets = [];
    private LatencyHistogram _delays = new();
    private int _broken;

    private OpenStreams() { }

    /// <summary>The streams that ended.</summary>
    public int Broken => _broken;

    /// <summary>Opens the streams and waits until each has sent a token.</summary>
    /// <exception cref="BenchException">A request failed.</exception>
    public static async Task<OpenStreams> OpenAsync(
        PreparedRequest request,
        int count,
        CancellationToken cancellationToken
    )
    {
        var streams = new OpenStreams();
        try
        {
            await Parallel.ForEachAsync(
                Enumerable.Range(0, count),
                new ParallelOptions { MaxDegreeOfParallelism = Openers, CancellationToken = cancellationToken },
                async (_, token) => await streams.OpenAsync(request, token)
            );
            return streams;
        }
        catch
        {
            streams.Dispose();
            throw;
        }
    }

    /// <summary>Takes the delays of the tokens since the last call: from the provider's send to the receipt.</summary>
    public LatencyHistogram TakeDelays()
    {
        lock (_lock)
        {
            (var taken, _delays) = (_delays, new());
            return taken;
        }
    }

    public void Dispose()
    {
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }
    }

    private async Task OpenAsync(PreparedRequest request, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        lock (_lock)
        {
            _sockets.Add(socket);
        }

        await socket.ConnectAsync(IPAddress.Loopback, request.Server.Port, cancellationToken);
        await socket.SendAsync(request.Bytes, cancellationToken);
        var (buffer, filled) = (new byte[4096], 0);
        var hasToken = false;
        while (!hasToken)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(filled), cancellationToken);
            filled += received;
            var text = Encoding.UTF8.GetString(buffer, 0, filled);
            if (received == 0 || filled == buffer.Length || !text.StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
            {
                throw new BenchException($"{request.Server} does not stream: {text}");
            }

            StreamingProvider.ReadTokens(buffer.AsSpan(0, filled), _ => hasToken = true);
        }

        _ = ReadAsync(socket, buffer);
    }

    private async Task ReadAsync(Socket socket, byte[] buffer)
    {
        var filled = 0;
        try
        {
            while (await socket.ReceiveAsync(buffer.AsMemory(filled)) is > 0 and var received)
            {
                filled += received;
                var now = Stopwatch.GetTimestamp();
                var done = StreamingProvider.ReadTokens(buffer.AsSpan(0, filled), sent => Record(now - sent));
                buffer.AsSpan(done, filled - done).CopyTo(buffer);
                filled -= done;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The server closed the connection, or the measurement is over.
        }

        Interlocked.Increment(ref _broken);
    }

    private void Record(long ticks)
    {
        lock (_lock)
        {
            _delays.Record(ticks * (1_000_000_000 / Stopwatch.Frequency));
        }
    }
}
