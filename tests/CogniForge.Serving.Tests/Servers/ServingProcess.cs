using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace CogniForge.Serving.Tests.Servers;

/// <summary>Model serving as a process of its own, which a test can kill.</summary>
internal sealed class ServingProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ServingProcess(Process process, int port)
    {
        _process = process;
        Client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromMinutes(1) };
    }

    public HttpClient Client { get; }

    /// <summary>Starts it, and returns when it is ready.</summary>
    public static async Task<ServingProcess> StartAsync(NpgsqlConnectionStringBuilder database, string journal)
    {
        var port = FindFreePort();
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location])
        {
            Environment =
            {
                ["DOTNET_ENVIRONMENT"] = "Development",
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
                ["ConnectionStrings__servingdb"] = database.ConnectionString,
                ["CogniForge__JournalDirectory"] = journal,
                ["Logging__LogLevel__Default"] = "None",
            },
        };
        var service = new ServingProcess(Process.Start(start)!, port);
        await Until.EqualAsync(HttpStatusCode.OK, service.GetReadyAsync);
        return service;
    }

    /// <summary>Ends it without any clean-up, as the kernel does when memory runs out.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
        Client.Dispose();
    }

    private async Task<HttpStatusCode> GetReadyAsync()
    {
        Assert.False(_process.HasExited, "The service has ended.");
        using var ready = await Client.GetAsync("/v2/health/ready");
        return ready.StatusCode;
    }

    private static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
