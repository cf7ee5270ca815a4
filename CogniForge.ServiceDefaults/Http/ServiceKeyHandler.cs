using CogniForge.ServiceDefaults.ApiKeys;

namespace CogniForge.ServiceDefaults.Http;

/// <summary>Sends the key for calls between services, whatever the key of the current request is.</summary>
internal sealed class ServiceKeyHandler(SharedKeys keys, IHostEnvironment environment) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var key = keys.Service ?? (environment.IsDevelopment() ? ApiKeyAuthenticator.DevelopmentKey : null);
        if (key is not null)
        {
            request.Headers.Authorization = new("Bearer", key);
        }

        return base.SendAsync(request, cancellationToken);
    }
}
