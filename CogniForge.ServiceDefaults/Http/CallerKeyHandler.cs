using CogniForge.ServiceDefaults.ApiKeys;

namespace CogniForge.ServiceDefaults.Http;

/// <summary>Forwards the API key of the current request, and no other header.</summary>
internal sealed class CallerKeyHandler(
    IHttpContextAccessor context,
    SharedKeys sharedKeys,
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
            : sharedKeys.Service;
        if (key is not null)
        {
            request.Headers.Authorization = new("Bearer", key);
        }

        return base.SendAsync(request, cancellationToken);
    }
}
