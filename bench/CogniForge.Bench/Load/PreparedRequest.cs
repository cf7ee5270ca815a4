using System.Text;

namespace CogniForge.Bench.Load;

/// <summary>A request as the bytes that go over the wire, the same each time, and the status that its right answer has.</summary>
internal sealed record PreparedRequest(Uri Server, byte[] Bytes, int Status)
{
    /// <summary>A POST of JSON.</summary>
    /// <param name="server">Where to.</param>
    /// <param name="path">Its path.</param>
    /// <param name="key">The bearer's key.</param>
    /// <param name="json">Its body.</param>
    /// <param name="status">The status of the right answer.</param>
    /// <param name="headers">Further headers, each <c>name: value</c>.</param>
    public static PreparedRequest Post(
        Uri server,
        string path,
        string key,
        ReadOnlySpan<byte> json,
        int status,
        params IEnumerable<string> headers
    )
    {
        var further = string.Concat(headers.Select(h => h + "\r\n"));
        var head = Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: {server.Authority}\r\nAuthorization: Bearer {key}\r\n{further}Content-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n"
        );
        return new(server, [.. head, .. json], status);
    }
}
