using System.Diagnostics.Metrics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using CogniForge.ServiceDefaults;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;

namespace CogniForge.Tests;

/// <summary>
/// A service in this process as by <c>dotnet run</c>: with Kestrel on a free loopback port and its stores in memory.
/// </summary>
public class ServiceHost<TProgram> : WebApplicationFactory<TProgram>
    where TProgram : class
{
    private readonly Action<IWebHostBuilder> _configure;

    protected ServiceHost(Action<IWebHostBuilder>? configure = null)
    {
        _configure = configure ?? (_ => { });
        UseKestrel();
        StartServer();
        Address = new(
            Services
                .GetRequiredService<IServer>()
                .Features.GetRequiredFeature<IServerAddressesFeature>()
                .Addresses.First()
        );
        Client = NewClient();
    }

    public Uri Address { get; }

    /// <summary>A client without retries and redirects.</summary>
    public HttpClient Client { get; }

    public HttpClient NewClient(string? key = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = Address,
            Timeout = TimeSpan.FromSeconds(30),
        };
        if (key is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return client;
    }

    /// <summary>Creates a key with exactly these scopes.</summary>
    public async Task<string> CreateKeyAsync(string service, params string[] scopes)
    {
        using var response = await Client.PostAsJsonAsync($"/api/v1/{service}/keys", new { name = "test", scopes });
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("key").GetString()!;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        // UseKestrel(0) would set the port after the service may have started.
        builder.UseSetting(WebHostDefaults.ServerUrlsKey, "http://127.0.0.1:0");

        // A machine has few file watchers, and no test changes settings files.
        builder.UseSetting("hostBuilder:reloadConfigOnChange", "false");
        builder.ConfigureServices(CollectOwnMetricsOnly);
        _configure(builder);
        builder.ConfigureLogging(logging => logging.ClearProviders());
    }

    /// <summary>
    /// Without it, a host would collect the metrics of all hosts of the process, and keep them beyond their end.
    /// </summary>
    private static void CollectOwnMetricsOnly(IServiceCollection services) =>
        services.ConfigureOpenTelemetryMeterProvider(
            (host, metrics) =>
            {
                var own = host.GetRequiredService<ServiceDescription>().Meter;
                var factory = host.GetRequiredService<IMeterFactory>();
                metrics.AddView(instrument =>
                    instrument.Meter != own
                    && (instrument.Meter.Name == own.Name || (instrument.Meter.Scope ?? factory) != factory)
                        ? MetricStreamConfiguration.Drop
                        : null
                );
            }
        );

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Client?.Dispose();
        }

        base.Dispose(disposing);
    }
}
