using System.Security.Claims;
using System.Text.Encodings.Web;
using CogniForge.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>Authenticates requests by API key. Refusals are problem details.</summary>
internal sealed class ApiKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    ApiKeyAuthenticator keys,
    IHostEnvironment environment
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "ApiKey";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        ClaimsPrincipal? user;
        if (ApiKeyReader.Read(Request) is { } secret)
        {
            user = await keys.AuthenticateAsync(secret, Context.RequestAborted);
            if (user is null)
            {
                return AuthenticateResult.Fail("The API key is unknown, expired, disabled or revoked.");
            }
        }
        else if (environment.IsDevelopment() && LocalRequest.IsTrusted(Request))
        {
            user = await keys.AuthenticateAsync(ApiKeyAuthenticator.DevelopmentKey, Context.RequestAborted);
        }
        else
        {
            return AuthenticateResult.NoResult();
        }

        return AuthenticateResult.Success(new(user!, SchemeName));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var failure = (await HandleAuthenticateOnceSafeAsync()).Failure?.Message;
        Response.Headers.WWWAuthenticate = "Bearer";
        await Problems
            .Create(
                StatusCodes.Status401Unauthorized,
                failure ?? "The API key is missing: send 'Authorization: Bearer cf_…' or 'x-api-key: cf_…'."
            )
            .ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var scopes = Context.GetEndpoint()?.Metadata.GetOrderedMetadata<ScopeRequirement>().Select(s => s.Scope) ?? [];
        return Problems
            .Create(StatusCodes.Status403Forbidden, $"The key lacks the scope {string.Join(" and ", scopes)}.")
            .ExecuteAsync(Context);
    }
}
