using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.AspNetCore.Builder;

namespace CogniForge.ServiceDefaults.Tests.Http;

/// <summary>A request that arrives too slowly ends with 408 and its connection.</summary>
public class SlowRequestTests
{
    [Fact]
    public async Task Headers_Unfinished_AreTimedOut() =>
        Assert.StartsWith(
            "HTTP/1.1 408",
            await ReceiveAsync("POST / HTTP/1.1\r\n", ("HeadersTimeout", "00:00:01")),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task Body_BelowMinimumRate_IsTimedOut() =>
        Assert.StartsWith(
            "HTTP/1.1 408",
            await ReceiveAsync(
                "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n[",
                ("MinRequestBytesPerSecond", "1000")
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task Connection_Idle_IsClosed() =>
        Assert.Equal("", await ReceiveAsync("", ("KeepAliveTimeout", "00:00:01")));

    /// <summary>Sends the beginning of a request and receives until the server closes the connection.</summary>
    private static async Task<string> ReceiveAsync(string beginning, (string Name, string Value) setting)
    {
        await using var service = await TestService.StartAsync(
            app => app.MapPost("/", (JsonElement body) => body).AllowAnonymous(),
            settings: [($"CogniForge:Clients:{setting.Name}", setting.Value)]
        );
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(service.Address.Host, service.Address.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(beginning));
        using var reader = new System.IO.StreamReader(new NetworkStream(socket));
        return await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(100));
    }
}
