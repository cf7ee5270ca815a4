using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CogniForge.Bench.Load;

namespace CogniForge.Bench.Processes;

/// <summary>
/// A provider that streams to thousands of clients at once, one token each <see cref="Interval"/>, until they
/// disconnect. Each token is the time at which it is sent.
/// </summary>
/// <remarks>It sends in turn to each fiftieth of the clients, so that the load is even.</remarks>
internal static class StreamingProvider
{
    /// <summary>The argument that makes this program run as the provider.</summary>
    public const string Argument = "streaming-provider";

    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private const int Slots = 50;
    private const int Digits = 19;
    private static readonly byte[] _mark = "\"content\":\"t"u8.ToArray();
    private static readonly byte[] _head = Encoding.ASCII.GetBytes(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    private static readonly byte[] _event = CreateEvent();
    private static readonly int _digitsAt = _event.AsSpan().IndexOf(_mark) + _mark.Length;
    private static readonly List<Socket>[] _slots = [.. Enumerable.Range(0, Slots).Select(_ => new List<Socket>())];
    private static int _clients;

    /// <summary>Serves until the process ends.</summary>
    public static void Run()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start(backlog: 4096);
        _ = SendForeverAsync();
        Console.WriteLine($"Now listening on: http://{listener.LocalEndpoint}");
        while (true)
        {
            _ = ServeAsync(listener.AcceptSocket());
        }
    }

    /// <summary>Reads the timestamps in received bytes.</summary>
    /// <param name="received">The bytes.</param>
    /// <param name="onToken">Called with the timestamp of each token.</param>
    /// <returns>The number of bytes that need not be kept for the next call.</returns>
    public static int ReadTokens(ReadOnlySpan<byte> received, Action<long> onToken)
    {
        var done = 0;
        while (received[done..].IndexOf(_mark) is >= 0 and var at)
        {
            var digits = received[(done + at + _mark.Length)..];
            if (digits.Length < Digits)
            {
                return done + at;
            }

            if (Utf8Parser.TryParse(digits[..Digits], out long timestamp, out _))
            {
                onToken(timestamp);
            }

            done += at + _mark.Length + Digits;
        }

        return Math.Max(done, received.Length - _mark.Length + 1);
    }

    private static async Task ServeAsync(Socket socket)
    {
        socket.NoDelay = true;
        var (buffer, filled, end) = (new byte[16 * 1024], 0, int.MaxValue);
        while (filled < end)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(filled));
            if (received == 0)
            {
                socket.Dispose();
                return;
            }

            filled += received;
            if (buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8) is >= 0 and var headEnd)
            {
                var length = HttpHead.Value(buffer.AsSpan(0, headEnd + 2), "Content-Length"u8);
                end = headEnd + 4 + int.Parse(length, CultureInfo.InvariantCulture);
            }
        }

        await socket.SendAsync(_head);
        var slot = _slots[Interlocked.Increment(ref _clients) % Slots];
        lock (slot)
        {
            slot.Add(socket);
        }
    }

    private static async Task SendForeverAsync()
    {
        using var timer = new PeriodicTimer(Interval / Slots);
        for (var turn = 0; await timer.WaitForNextTickAsync(); turn = (turn + 1) % Slots)
        {
            var slot = _slots[turn];
            lock (slot)
            {
                slot.RemoveAll(socket => !TrySend(socket));
            }
        }
    }

    private static bool TrySend(Socket socket)
    {
        Utf8Formatter.TryFormat(
            Stopwatch.GetTimestamp(),
            _event.AsSpan(_digitsAt, Digits),
            out _,
            new('D', Digits)
        );
        if (socket.Send(_event, SocketFlags.None, out var error) == _event.Length && error == SocketError.Success)
        {
            return true;
        }

        socket.Dispose();
        return false;
    }

    private static byte[] CreateEvent()
    {
        var data =
            """data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1767225600"""
            + ""","model":"some-model","choices":[{"index":0,"delta":{"""
            + Encoding.ASCII.GetString(_mark)
            + new string('0', Digits)
            + "\"},\"finish_reason\":null}]}\n\n";
        return Encoding.ASCII.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{data.Length:x}\r\n{data}\r\n")
        );
    }
}
