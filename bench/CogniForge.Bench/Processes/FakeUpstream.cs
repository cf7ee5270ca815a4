using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CogniForge.Bench.Load;

namespace CogniForge.Bench.Processes;

/// <summary>
/// A provider in OpenAI's wire format that answers at once and always the same: a thread and a blocking socket for each connection, answers made beforehand, so that it costs next to nothing beside whatever
/// stands before it.
/// </summary>
internal static class FakeUpstream
{
    /// <summary>The argument that makes this program be the provider.</summary>
    public const string Argument = "upstream";

    private const int MaxRequestBytes = 1 << 20;

    /// <summary>Serves until the process is ended.</summary>
    public static void Run()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start(backlog: 1024);
        Console.WriteLine($"Now listening on: http://{listener.LocalEndpoint}");
        while (true)
        {
            var socket = listener.AcceptSocket();
            new Thread(() => Serve(socket), maxStackSize: 256 * 1024) { IsBackground = true }.Start();
        }
    }

    private static void Serve(Socket socket)
    {
        using (socket)
        {
            try
            {
                socket.NoDelay = true;
                var buffer = new byte[16 * 1024];
                for (var filled = 0; Receive(socket, ref buffer, ref filled) is { IsEmpty: false } body; filled = 0)
                {
                    if (body.IndexOf("\"stream\":true"u8) < 0)
                    {
                        Send(socket, ChatAnswers.Whole);
                        continue;
                    }

                    // Each event is a packet of its own, as a provider's are.
                    foreach (var part in ChatAnswers.Stream)
                    {
                        Send(socket, part);
                    }
                }
            }
            catch (SocketException)
            {
                // The peer has gone.
            }
        }
    }

    /// <summary>One request's body; empty: the peer has hung up.</summary>
    private static ReadOnlySpan<byte> Receive(Socket socket, ref byte[] buffer, ref int filled)
    {
        var end = 0;
        while (end == 0 || filled < end)
        {
            if (filled == buffer.Length)
            {
                Array.Resize(
                    ref buffer,
                    filled < MaxRequestBytes ? filled * 2 : throw new SocketException((int)SocketError.MessageSize)
                );
            }

            var received = socket.Receive(buffer.AsSpan(filled));
            if (received == 0)
            {
                return default;
            }

            filled += received;
            if (end == 0 && buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8) is >= 0 and var headEnd)
            {
                end = headEnd + 4 + BodyBytes(buffer.AsSpan(0, headEnd + 2));
            }
        }

        return buffer.AsSpan(0, end);
    }

    private static int BodyBytes(ReadOnlySpan<byte> head) =>
        Utf8Parser.TryParse(HttpHead.Value(head, "Content-Length"u8), out int bytes, out _)
            ? bytes
            : throw new InvalidDataException(
                $"This takes only requests with a Content-Length, not: {Encoding.ASCII.GetString(head)}"
            );

    private static void Send(Socket socket, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[socket.Send(bytes)..];
        }
    }
}
