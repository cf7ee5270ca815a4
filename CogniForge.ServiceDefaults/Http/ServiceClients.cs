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
        client.AddHttpMessageHandler(services => new CallerKeyHandler(
            services.GetRequiredService<IHttpContextAccessor>(),
            services.GetRequiredService<SharedKeys>(),
            services.GetRequiredService<IHostEnvironment>()
        ));
        client.At(service).AddStandardResilienceHandler(Configure);
        return client;
    }

    /// <summary>
    /// Configures a client of a service found by discovery that sends the service key, since a key of this service
    /// means nothing to the other. Calls may take as long as their caller waits, and are not retried.
    /// </summary>
    /// <param name="client">The client.</param>
    /// <param name="service">The resource name, e.g. <c>llm</c>.</param>
    public static IHttpClientBuilder ForServiceByServiceKey(this IHttpClientBuilder client, string service)
    {
        client.AddHttpMessageHandler(services => new ServiceKeyHandler(
            services.GetRequiredService<SharedKeys>(),
            services.GetRequiredService<IHostEnvironment>()
        ));
        return client.At(service).ConfigureHttpClient(http => http.Timeout = Timeout.InfiniteTimeSpan);
    }

    private static IHttpClientBuilder At(this IHttpClientBuilder client, string service)
    {
        client.ConfigureHttpClient(http => http.BaseAddress = new Uri($"https+http://{service}"));
        client.UseSocketsHttpHandler(
            (handler, services) =>
                handler.ActivityHeadersPropagator = services.GetRequiredService<ServiceTracePropagator>()
        );
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
