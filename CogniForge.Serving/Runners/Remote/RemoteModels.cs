using CogniForge.ServiceDefaults.Http;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;

namespace CogniForge.Serving.Runners.Remote;

/// <summary>Registers the HTTP client of remote models.</summary>
internal static class RemoteModels
{
    /// <summary>The name of the client.</summary>
    public const string Client = "remote-models";

    /// <summary>
    /// Adds the client: link-local and metadata addresses are refused, redirects are not followed, responses are
    /// bounded, and failed connections and 5xx are retried, since an inference changes nothing.
    /// </summary>
    public static void AddRemoteModels(this IServiceCollection services)
    {
        services
            .AddHttpClient(Client)
            .ConfigurePrimaryHttpMessageHandler(() => OutboundHandler.Create())
            .ConfigureHttpClient(
                (provider, client) =>
                {
                    var options = provider.GetRequiredService<IOptions<InferenceOptions>>().Value.Remote;
                    client.MaxResponseContentBufferSize = options.MaxResponseBytes;
                    client.Timeout = Timeout.InfiniteTimeSpan;
                }
            )
            .AddStandardResilienceHandler()
            .Configure(
                (options, provider) =>
                {
                    var remote = provider.GetRequiredService<IOptions<InferenceOptions>>().Value.Remote;
                    var timeout = TimeSpan.FromSeconds(remote.TimeoutSeconds);
                    options.AttemptTimeout.Timeout = 0.9 * timeout;
                    options.TotalRequestTimeout.Timeout = timeout;
                    options.CircuitBreaker.SamplingDuration = 2 * timeout;
                    options.Retry.MaxRetryAttempts = 1;
                    options.Retry.Delay = TimeSpan.FromMilliseconds(50);
                }
            );
    }
}
