using System.Net.Http.Headers;
using System.Reflection;
using CogniForge.Messaging;
using CogniForge.ServiceDefaults.Health;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CogniForge.ServiceDefaults.Tests.Support;

/// <summary>A service named <c>llm</c> with its own Kestrel, in memory without connection strings.</summary>
internal sealed class TestService : IAsyncDisposable
{
    public const string RootKey = "cf_the-root-key-of-this-test-service";
    public const string ServiceKey = "cf_the-service-key-of-this-test-service";
    private readonly WebApplication _app;

    private TestService(WebApplication app, LogLines logs) => (_app, Logs) = (app, logs);

    public IServiceProvider Services => _app.Services;

    public LogLines Logs { get; }

    public bool IsStopping => _app.Lifetime.ApplicationStopping.IsCancellationRequested;

    public Uri Address => new(_app.Urls.Single());

    public static async Task<TestService> StartAsync(
        Action<WebApplication>? map = null,
        string environment = "Production",
        Action<WebApplicationBuilder>? configure = null,
        RequiredDependencies required = RequiredDependencies.None,
        Assembly? assembly = null,
        params (string Key, string Value)[] settings
    )
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection([
            new("CogniForge:AdminApiKey", RootKey),
            new("CogniForge:ServiceKey", ServiceKey),
            .. environment == "Development"
                ? []
                : new KeyValuePair<string, string?>[] { new("CogniForge:InMemory", "true") },
        ]);
        builder.Configuration.AddInMemoryCollection(
            settings.Select(s => new KeyValuePair<string, string?>(s.Key, s.Value))
        );
        var logs = new LogLines();
        builder.Logging.ClearProviders().AddProvider(logs);
        builder.Services.AddOpenApi();
        var available = builder.AddServiceDefaults(
            new ServiceDescription("llm", "llmdb", assembly ?? typeof(TestService).Assembly),
            required
        );
        builder.AddMessaging(available, required);
        configure?.Invoke(builder);
        var app = builder.Build();
        app.UseServiceDefaults();
        map?.Invoke(app);
        await app.StartAsync();
        return new(app, logs);
    }

    /// <summary>Creates a client with a key; default: the root key.</summary>
    public HttpClient Client(string? key = RootKey)
    {
#pragma warning disable CA2000 // Lives as long as the test.
        var client = new HttpClient { BaseAddress = Address };
#pragma warning restore CA2000
        if (key is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
