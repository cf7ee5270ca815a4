using System.Net;
using System.Net.Sockets;

namespace CogniForge.Llm.Tests.PassThrough;

/// <summary>A provider that closes each connection after the first bytes of a request.</summary>
internal sealed class HangingUpProvider : IAsyncDisposable
{
    private const int BytesRead = 20_000;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly bool _resets;
    private readonly Task _running;

    /// <param name="resets">Whether it resets the connections.</param>
    public HangingUpProvider(bool resets)
    {
        _resets = resets;
        _listener.Start();
        _running = RunAsync();
    }

    public string BaseUrl => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/v1";

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
    }

    private async Task RunAsync()
    {
        while (true)
        {
            using var client = await _listener.AcceptTcpClientAsync();
            await client.GetStream().ReadExactlyAsync(new byte[BytesRead]);
            client.LingerState = new(_resets, 0);
        }
    }
}
