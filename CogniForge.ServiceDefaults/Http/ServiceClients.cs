using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Http.Resilience;

namespace CogniForge.ServiceDefaults.Http;

/// <summary>HTTP clients of the other services.</summary>
public static class ServiceClients
{
    /// <summary>
    /// Configures a client of a service found by discovery, with the standard resilience handler (only safe methods are
    /// retried) and the API key of the current request; outside a request, with the service key.
    /// </summary>
    /// <param name="client">The client.</param>
    /// <param name="service">The resource name, e.g. <c>llm</c>.</param>
    public static IHttpClientBuilder ForService(this IHttpClientBuilder client, string service)
    {
        client.Services.AddHttpContextAccessor();
        client.ConfigureHttpClient(http => http.BaseAddress = new Uri($"https+http://{service}"));
        client.AddHttpMessageHandler(services => new CallerKeyHandler(
            services.GetRequiredService<IHttpContextAccessor>(),
            services.GetRequiredService<SharedKeys>(),
            services.GetRequiredService<IHostEnvironment>()
        ));
        client.UseSocketsHttpHandler(
            (handler, services) =>
                handler.ActivityHeadersPropagator = services.GetRequiredService<ServiceTracePropagator>()
        );
        client.AddStandardResilienceHandler(Configure);
        return client;
    }

    private static void Configure(HttpStandardResilienceOptions options)
    {
        options.AttemptTimeout.Timeout = TimeSpan.FromSeconds(5);
        options.TotalRequestTimeout.Timeout = TimeSpan.FromSeconds(15);
        options.Retry.Delay = TimeSpan.FromMilliseconds(200);
#pragma warning disable EXTEXP0001 // The only public way not to retry POST; marked experimental since 9.0.
        options.Retry.DisableForUnsafeHttpMethods();
#pragma warning restore EXTEXP0001
    }
}
