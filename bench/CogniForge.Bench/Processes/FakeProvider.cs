using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CogniForge.Bench.Load;

namespace CogniForge.Bench.Processes;

/// <summary>A provider in OpenAI's wire format that always returns the same response immediately.</summary>
/// <remarks>
/// One thread with a blocking socket per connection and prepared responses, so its cost is negligible beside the server
/// under test.
/// </remarks>
internal static class FakeProvider
{
    /// <summary>The argument that makes this program run as the provider.</summary>
    public const string Argument = "provider";

    private const int MaxRequestBytes = 1 << 20;

    /// <summary>Serves until the process ends.</summary>
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
                        Send(socket, ChatResponses.Whole);
                        continue;
                    }

                    // One packet per event, as real providers send them.
                    foreach (var part in ChatResponses.Stream)
                    {
                        Send(socket, part);
                    }
                }
            }
            catch (SocketException)
            {
                // The client disconnected.
            }
        }
    }

    /// <summary>One request's body; empty if the client disconnected.</summary>
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
                $"The request must have a Content-Length, not: {Encoding.ASCII.GetString(head)}"
            );

    private static void Send(Socket socket, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[socket.Send(bytes)..];
        }
    }
}
