using System.Net.Sockets;
using System.Text;

namespace CogniForge.Llm.Tests.Fakes;

/// <summary>A client on a bare socket with a small buffer, which reads only when the test does.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };

    private RawClient() { }

    /// <summary>Sends a chat request, and reads nothing of its response.</summary>
    public static Task<RawClient> SendAsync(Uri gateway, string body, string headers = "") =>
        SendAsync(
            gateway,
            "POST /v1/chat/completions",
            $"{headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n",
            body
        );

    /// <summary>Sends a request, and reads nothing of its response.</summary>
    /// <param name="gateway">The gateway.</param>
    /// <param name="target">The method and the path.</param>
    /// <param name="headers">Lines of headers, each with its end.</param>
    /// <param name="body">What follows the headers.</param>
    public static async Task<RawClient> SendAsync(Uri gateway, string target, string headers, string body)
    {
        var client = new RawClient();
        await client._socket.ConnectAsync(gateway.Host, gateway.Port);
        await client._socket.SendAsync(
            Encoding.UTF8.GetBytes(
                $"{target} HTTP/1.1\r\nHost: {gateway.Authority}\r\nConnection: close\r\n{headers}"
                    + $"Content-Type: application/json\r\n\r\n{body}"
            )
        );
        return client;
    }

    /// <summary>Reads the whole response, headers included.</summary>
    public async Task<string> ReadToEndAsync()
    {
        await using var stream = new NetworkStream(_socket);
        using var reader = new System.IO.StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    public void Dispose() => _socket.Dispose();
}
