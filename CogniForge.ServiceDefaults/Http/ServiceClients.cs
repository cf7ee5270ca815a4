using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;

namespace CogniForge.ServiceDefaults.Http;

/// <summary>Clients of our own services.</summary>
public static class ServiceClients
{
    /// <summary>
    /// Points a client at a service found by discovery, with the standard resilience handler (retrying safe methods only), and lets it act for the caller of the request that is being
    /// served; outside a request it uses the service-to-service key.
    /// </summary>
    /// <param name="client">The client.</param>
    /// <param name="service">The resource name, e.g. <c>llm</c>.</param>
    public static IHttpClientBuilder ForService(this IHttpClientBuilder client, string service)
    {
        client.Services.AddHttpContextAccessor();
        client.ConfigureHttpClient(http => http.BaseAddress = new Uri($"https+http://{service}"));
        client.AddHttpMessageHandler(services => new CallerKeyHandler(
            services.GetRequiredService<IHttpContextAccessor>(),
            services.GetRequiredService<IOptions<CogniForgeOptions>>(),
            services.GetRequiredService<IHostEnvironment>()
        ));
        client.AddStandardResilienceHandler(Configure);
        return client;
    }

    private static void Configure(HttpStandardResilienceOptions options)
    {
        options.AttemptTimeout.Timeout = TimeSpan.FromSeconds(5);
        options.TotalRequestTimeout.Timeout = TimeSpan.FromSeconds(15);
        options.Retry.Delay = TimeSpan.FromMilliseconds(200);
#pragma warning disable EXTEXP0001 // The only published way to keep a POST from being sent twice; experimental in name since 9.0.
        options.Retry.DisableForUnsafeHttpMethods();
#pragma warning restore EXTEXP0001
    }
}
