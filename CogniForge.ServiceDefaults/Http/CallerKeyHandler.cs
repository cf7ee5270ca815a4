using CogniForge.ServiceDefaults.ApiKeys;
using Microsoft.Extensions.Options;

namespace CogniForge.ServiceDefaults.Http;

/// <summary>Forwards the API key of the current request, and no other header.</summary>
internal sealed class CallerKeyHandler(
    IHttpContextAccessor context,
    IOptions<CogniForgeOptions> options,
    IHostEnvironment environment
) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var key = context.HttpContext is { } served
            ? ApiKeyReader.Read(served.Request)
                ?? (
                    environment.IsDevelopment() && served.User.Identity is { IsAuthenticated: true }
                        ? ApiKeyAuthenticator.DevelopmentKey
                        : null
                )
            : options.Value.ServiceKey;
        if (key is not null)
        {
            request.Headers.Authorization = new("Bearer", key);
        }

        return base.SendAsync(request, cancellationToken);
    }
}
