using System.Globalization;
using System.Net.Sockets;
using System.Text;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace CogniForge.ServiceDefaults.Tests.Http;

/// <summary>
/// A response reaches a client that sends its whole body before it reads: curl, Python's and Java's clients. Its
/// connection would be reset otherwise (dotnet/aspnetcore#4950, envoyproxy/envoy#5826).
/// </summary>
public sealed class UnreadBodyTests
{
    private const int Size = 100 * 1024 * 1024;

    [Theory]
    [InlineData("/api/v1/llm/keys", TestService.RootKey, false, "413")]
    [InlineData("/api/v1/llm/keys", TestService.RootKey, true, "413")]
    [InlineData("/larger", TestService.RootKey, false, "413")]
    [InlineData("/larger", TestService.RootKey, true, "413")]
    [InlineData("/api/v1/llm/keys", "cf_wrong", false, "401")]
    [InlineData("/api/v1/llm/keys", "cf_wrong", true, "401")]
    [InlineData("/nothing", TestService.RootKey, false, "404")]
    [InlineData("/refuses", TestService.RootKey, true, "409")]
    public async Task Post_RefusedWhileSending_ReceivesResponse(string path, string key, bool chunked, string status)
    {
        await using var service = await StartAsync();

        var response = await SendAsync(service, path, key, chunked);

        Assert.StartsWith($"HTTP/1.1 {status} ", response, StringComparison.Ordinal);
    }

    private static Task<TestService> StartAsync() =>
        TestService.StartAsync(
            map: app =>
            {
                app.MapPost("/larger", async (HttpRequest request) => await request.Body.CopyToAsync(Stream.Null))
                    .WithMetadata(new RequestSizeLimitAttribute(32 * 1024 * 1024));
                app.MapPost("/refuses", (HttpRequest request) => TypedResults.Conflict());
            }
        );

    /// <summary>Sends everything, and only then reads.</summary>
    private static async Task<string> SendAsync(TestService service, string path, string key, bool chunked)
    {
        using var socket = new TcpClient("127.0.0.1", service.Address.Port);
        var stream = socket.GetStream();
        var length = chunked ? "Transfer-Encoding: chunked" : $"Content-Length: {Size}";
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n"
                    + $"Content-Type: application/json\r\n{length}\r\n\r\n"
            )
        );
        var part = new byte[64 * 1024];
        part.AsSpan().Fill((byte)' ');
        var size = Encoding.ASCII.GetBytes($"{part.Length.ToString("x", CultureInfo.InvariantCulture)}\r\n");
        for (var sent = 0; sent < Size; sent += part.Length)
        {
            if (chunked)
            {
                await stream.WriteAsync(size);
            }

            await stream.WriteAsync(part);
            if (chunked)
            {
                await stream.WriteAsync("\r\n"u8.ToArray());
            }
        }

        if (chunked)
        {
            await stream.WriteAsync("0\r\n\r\n"u8.ToArray());
        }

        var buffer = new byte[1024];
        return Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer));
    }
}
