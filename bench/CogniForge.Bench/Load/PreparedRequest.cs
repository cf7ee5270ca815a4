using System.Text;

namespace CogniForge.Bench.Load;

/// <summary>A request as the bytes on the wire, and the status of its correct response.</summary>
internal sealed record PreparedRequest(Uri Server, byte[] Bytes, int Status)
{
    /// <summary>Creates a POST request with a JSON body.</summary>
    /// <param name="server">The server's address.</param>
    /// <param name="path">The path.</param>
    /// <param name="key">The bearer key.</param>
    /// <param name="json">The body.</param>
    /// <param name="status">The status of the correct response.</param>
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
            $"POST {path} HTTP/1.1\r\nHost: {server.Authority}\r\nAuthorization: Bearer {key}\r\n{further}"
                + $"Content-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n"
        );
        return new(server, [.. head, .. json], status);
    }
}
