using System.Net.Sockets;
using System.Text;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

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

    [Theory]
    [InlineData("utf-7")]
    [InlineData("none")]
    public async Task Post_UnknownCharset_IsUnsupported(string charset)
    {
        var response = await SendAsync(
            $"Authorization: Bearer {TestService.RootKey}\r\nContent-Length: 2",
            "{}",
            mediaType: $"application/json; charset={charset}"
        );
        Assert.StartsWith("HTTP/1.1 415 ", response, StringComparison.Ordinal);
    }

    /// <summary>One client's resets of streams wrote hundreds of critical entries each second.</summary>
    [Fact]
    public async Task Log_BrokenHttp2_IsQuiet()
    {
        await using var service = await TestService.StartAsync();

        var logger = service
            .Services.GetRequiredService<ILoggerFactory>()
            .CreateLogger("Microsoft.AspNetCore.Server.Kestrel.Http2");

        Assert.False(logger.IsEnabled(LogLevel.Critical));
    }

    private static async Task<string> SendAsync(
        string headers,
        string body,
        string path = "/api/v1/llm/keys",
        string mediaType = "application/json"
    )
    {
        await using var service = await TestService.StartAsync(app =>
            app.MapPost("/read", (HttpContext context) => context.Request.Body.CopyToAsync(Stream.Null))
        );
        using var socket = new TcpClient("127.0.0.1", service.Address.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + $"Content-Type: {mediaType}\r\n{headers}\r\n\r\n{body}"
            )
        );
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
