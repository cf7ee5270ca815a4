using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace StandIns.Tests.Hosting;

public sealed class DashboardProtocolTests
{
    private const string Key = "a-key-for-this-test";

    [Fact]
    public async Task ResourceService_WithTheKey_TellsItsResourcesAndRunsCommands()
    {
        var port = FreePort();
        await using var app = await StartAsync(port);

        Assert.Contains("CogniForge", await AskAsync(port, "GetApplicationInformation", Key), StringComparison.Ordinal);
        var resources = await AskAsync(port, "WatchResources", Key);
        Assert.Contains("sleeper", resources, StringComparison.Ordinal);
        Assert.Contains("Executable", resources, StringComparison.Ordinal);

        Assert.True(app.ResourceNotifications.TryGetCurrentState("sleeper", out var sleeper));
        byte[] stop = [.. Field(1, "stop"), .. Field(2, sleeper.ResourceId), .. Field(3, "Executable")];
        await AskAsync(port, "ExecuteResourceCommand", Key, stop);
        await app.ResourceNotifications.WaitForResourceAsync("sleeper", KnownResourceStates.Finished, HostedApp.Soon);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("another-key")]
    public async Task ResourceService_WithoutTheKey_RefusesToAnswer(string? key)
    {
        var port = FreePort();
        await using var app = await StartAsync(port);

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => AskAsync(port, "WatchResources", key));
        Assert.Contains("16", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<DistributedApplication> StartAsync(int port)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.CogniForge_AppHost>(
            [$"ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL=http://127.0.0.1:{port}", $"ASPIRE_DASHBOARD_RESOURCESERVICE_APIKEY={Key}", "ASPNETCORE_URLS=http://localhost:0"],
            (options, _) => options.DisableDashboard = false);
        builder.Resources.Clear();
        builder.AddExecutable("sleeper", "bash", ".", "-c", "sleep 600");
        var app = await builder.BuildAsync();
        await app.StartAsync(HostedApp.Soon);
        await app.ResourceNotifications.WaitForResourceAsync("sleeper", KnownResourceStates.Running, HostedApp.Soon);
        return app;
    }

    /// <summary>Sends one message and returns the first that comes back, as the text that its strings make of it.</summary>
    private static async Task<string> AskAsync(int port, string method, string? key, byte[]? message = null)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{port}/aspire.v1.DashboardService/{method}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([0, .. BigEndian(message?.Length ?? 0), .. message ?? []]),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.Add("te", "trailers");
        if (key is not null)
            request.Headers.Add("x-resource-service-api-key", key);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, HostedApp.Soon);
        if (response.Headers.TryGetValues("grpc-status", out var status))
            throw new InvalidOperationException($"grpc-status {status.Single()}");
        await using var body = await response.Content.ReadAsStreamAsync(HostedApp.Soon);
        var prefix = new byte[5];
        await body.ReadExactlyAsync(prefix, HostedApp.Soon);
        var answer = new byte[(prefix[1] << 24) | (prefix[2] << 16) | (prefix[3] << 8) | prefix[4]];
        await body.ReadExactlyAsync(answer, HostedApp.Soon);
        return Encoding.UTF8.GetString(answer);
    }

    private static byte[] BigEndian(int value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    private static byte[] Field(int number, string text) => [(byte)((number << 3) | 2), (byte)Encoding.UTF8.GetByteCount(text), .. Encoding.UTF8.GetBytes(text)];

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
