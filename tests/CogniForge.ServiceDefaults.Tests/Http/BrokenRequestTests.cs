using System.Net.Sockets;
using System.Text;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CogniForge.ServiceDefaults.Tests.Http;

/// <summary>The refusal of a request that breaks HTTP's rules says which.</summary>
public sealed class BrokenRequestTests
{
    [Fact]
    public async Task Post_TwoAuthorizationHeaders_NamesProblem()
    {
        var header = $"Authorization: Bearer {TestService.RootKey}";
        var response = await SendAsync($"{header}\r\n{header}\r\nContent-Length: 2", "{}");
        Assert.StartsWith("HTTP/1.1 401 ", response, StringComparison.Ordinal);
        Assert.Contains("several Authorization headers", response, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/v1/llm/keys")] // bound by ASP.NET
    [InlineData("/read")]
    public async Task Post_MalformedChunk_NamesFault(string path)
    {
        var response = await SendAsync(
            $"Authorization: Bearer {TestService.RootKey}\r\nTransfer-Encoding: chunked",
            "many\r\n{}\r\n0\r\n\r\n",
            path
        );
        Assert.StartsWith("HTTP/1.1 400 ", response, StringComparison.Ordinal);
        Assert.Contains(
            """{"":["must be complete and correctly chunked (Bad chunk size data)"]}""",
            response,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Post_ChunkBeyondMaximum_IsRefused()
    {
        var header = $"Authorization: Bearer {TestService.RootKey}\r\nTransfer-Encoding: chunked";
        var response = await SendAsync(header, "FFFFFFFFFFFFFFFF\r\n", "/read");
        Assert.StartsWith("HTTP/1.1 400 ", response, StringComparison.Ordinal);
    }

    private static async Task<string> SendAsync(string headers, string body, string path = "/api/v1/llm/keys")
    {
        await using var service = await TestService.StartAsync(app =>
            app.MapPost("/read", (HttpContext context) => context.Request.Body.CopyToAsync(Stream.Null))
        );
        using var socket = new TcpClient("127.0.0.1", service.Address.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + $"Content-Type: application/json\r\n{headers}\r\n\r\n{body}"
            )
        );
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
