using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace CogniForge.Bench.Load;

/// <summary>A keep-alive HTTP/1.1 connection that reads responses framed by Content-Length or chunks.</summary>
/// <remarks>
/// It blocks its thread. For a closed loop on loopback that costs the least CPU, and no scheduler runs between the
/// response and the clock.
/// </remarks>
internal sealed class HttpConnection : IDisposable
{
    private const int MaxResponseBytes = 64 * 1024 * 1024;
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(10);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
        SendTimeout = (int)_timeout.TotalMilliseconds,
        ReceiveTimeout = (int)_timeout.TotalMilliseconds,
    };

    private byte[] _buffer = new byte[16 * 1024];
    private int _filled;

    /// <summary>When the last response's body began, as a stopwatch timestamp.</summary>
    public long FirstByteAt { get; private set; }

    public HttpConnection(Uri server) => _socket.Connect(new IPEndPoint(IPAddress.Loopback, server.Port));

    /// <summary>Sends a request and receives its whole response.</summary>
    /// <returns>The status and the raw body, chunk framing included; the body is valid until the next call.</returns>
    /// <exception cref="SocketException">The connection failed, or received nothing for ten seconds.</exception>
    /// <exception cref="InvalidDataException">The response is not valid HTTP/1.1, or has another framing.</exception>
    public (int Status, ReadOnlyMemory<byte> Body) Exchange(ReadOnlySpan<byte> request)
    {
        Send(request);
        _filled = 0;
        int bodyStart;
        while ((bodyStart = _buffer.AsSpan(0, _filled).IndexOf("\r\n\r\n"u8) + 4) < 4)
        {
            Receive();
        }

        var head = _buffer.AsSpan(0, bodyStart - 2);
        if (!head.StartsWith("HTTP/1.1 "u8) || !Utf8Parser.TryParse(head[9..], out int status, out _))
        {
            throw new InvalidDataException("The response does not begin with a status line of HTTP/1.1.");
        }

        var end =
            HttpHead.Value(head, "Content-Length"u8) is { IsEmpty: false } length
            && Utf8Parser.TryParse(length, out int bytes, out _)
                ? ReceiveBody(bodyStart, bytes)
            : HttpHead.Value(head, "Transfer-Encoding"u8).SequenceEqual("chunked"u8) ? ReceiveChunks(bodyStart)
            : throw new InvalidDataException("The response has neither a Content-Length nor chunks.");
        if (_filled != end)
        {
            throw new InvalidDataException("Received more than one response.");
        }

        return (status, _buffer.AsMemory(bodyStart, end - bodyStart));
    }

    /// <summary>Sends a request without receiving its response.</summary>
    /// <exception cref="SocketException">The connection failed.</exception>
    public void Send(ReadOnlySpan<byte> request)
    {
        for (var sent = 0; sent < request.Length;)
        {
            sent += _socket.Send(request[sent..]);
        }
    }

    public void Dispose() => _socket.Dispose();

    private int ReceiveBody(int at, int bytes)
    {
        ReceiveUntil(at + Math.Min(bytes, 1));
        FirstByteAt = Stopwatch.GetTimestamp();
        return ReceiveUntil(at + bytes);
    }

    private int ReceiveChunks(int at)
    {
        for (var first = true; ; first = false)
        {
            int line;
            while ((line = _buffer.AsSpan(at, _filled - at).IndexOf("\r\n"u8)) < 0)
            {
                Receive();
            }

            if (!Utf8Parser.TryParse(_buffer.AsSpan(at, line), out int size, out _, 'x'))
            {
                throw new InvalidDataException("A chunk does not begin with its size.");
            }

            at += line + 2;
            if (first)
            {
                ReceiveUntil(at + 1);
                FirstByteAt = Stopwatch.GetTimestamp();
            }

            at = ReceiveUntil(at + size + 2);
            if (size == 0)
            {
                return at;
            }
        }
    }

    private int ReceiveUntil(int end)
    {
        while (_filled < end)
        {
            Receive();
        }

        return end;
    }

    private void Receive()
    {
        if (_filled == _buffer.Length)
        {
            Array.Resize(
                ref _buffer,
                _filled < MaxResponseBytes ? _filled * 2 : throw new InvalidDataException("The response is too large.")
            );
        }

        var received = _socket.Receive(_buffer.AsSpan(_filled));
        if (received == 0)
        {
            throw new SocketException((int)SocketError.ConnectionReset);
        }

        _filled += received;
    }
}
