using System.Text;

namespace CogniForge.Bench.Load;

/// <summary>A request as the bytes that go over the wire, the same each time, and the status that its right answer has.</summary>
internal sealed record PreparedRequest(Uri Server, byte[] Bytes, int Status)
{
    public static PreparedRequest Post(Uri server, string path, string key, ReadOnlySpan<byte> json, int status)
    {
        var head = Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: {server.Authority}\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n");
        return new(server, [.. head, .. json], status);
    }
}
