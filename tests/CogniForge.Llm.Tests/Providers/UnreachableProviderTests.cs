using System.Net;
using System.Net.Sockets;
using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Servers;
using Microsoft.Extensions.Logging;

namespace CogniForge.Llm.Tests.Providers;

/// <summary>The gateway is no port scanner: clients cannot tell why an address does not respond.</summary>
public class UnreachableProviderTests
{
    /// <summary>The connect timeout covers TLS: an overloaded server accepts connections and does nothing.</summary>
    [Theory]
    [InlineData("Timeouts:Connect")]
    [InlineData("Providers:target:Timeouts:Connect")]
    public async Task Chat_HandshakeHangs_EndsByConnectTimeout(string setting)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var gateway = GatewayHost.Start(
            ("Providers:target:BaseUrl", $"https://{listener.LocalEndpoint}/v1"),
            (setting, "00:00:00.2"),
            ("Timeouts:Answer", "00:00:08") // shorter than the default of connecting
        );

        var reply = await Reply.ReadAsync(
            gateway.Client,
            """{"model":"target/m","messages":[{"role":"user","content":"Hi"}]}"""
        );

        Assert.Equal(
            (502, "target/m: no response"),
            (reply.Status, reply.Error!.Value.GetProperty("message").GetString())
        );
    }

    [Theory]
    [InlineData("http", "refuses")]
    [InlineData("https", "refuses")]
    [InlineData("http", "resets")]
    [InlineData("https", "resets")]
    [InlineData("http", "closes")]
    [InlineData("http", "another protocol")]
    [InlineData("https", "another protocol")]
    [InlineData("http", "does not accept")]
    public async Task Chat_UnreachableProvider_ErrorsAreAlike(string scheme, string behaviour)
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        using var first = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var serving = Task.CompletedTask;
        if (behaviour == "does not accept")
        {
            listener.Listen(0);
            await first.ConnectAsync(IPAddress.Loopback, port); // it fills the queue, so the next one waits
        }
        else if (behaviour != "refuses")
        {
            listener.Listen();
            serving = ServeAsync(listener, behaviour);
        }

        using var gateway = GatewayHost.Start(("Providers:target:BaseUrl", $"{scheme}://127.0.0.1:{port}/v1"));

        var reply = await Reply.ReadAsync(
            gateway.Client,
            """{"model":"target/m","messages":[{"role":"user","content":"Hi"}]}"""
        );

        Assert.Equal(
            (502, "target/m: no response", "provider_failed"),
            (
                reply.Status,
                reply.Error!.Value.GetProperty("message").GetString(),
                reply.Error!.Value.GetProperty("code").GetString()
            )
        );
        Assert.Contains(
            gateway.Logged(LogLevel.Information),
            l => l.Contains("The provider target does not respond: ", StringComparison.Ordinal)
        );
        listener.Close();
        await serving;
    }

    private static async Task ServeAsync(Socket listener, string behaviour)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptAsync();
                if (behaviour == "resets")
                {
                    client.LingerState = new(true, 0);
                    continue;
                }

                await client.ReceiveAsync(new byte[10_000]);
                if (behaviour == "another protocol")
                {
                    await client.SendAsync("SSH-2.0-OpenSSH_9.9\r\n"u8.ToArray());
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The listener is closed.
        }
    }
}
