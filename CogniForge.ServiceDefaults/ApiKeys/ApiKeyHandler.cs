using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>Authenticates requests by API key. Refusals are problem details.</summary>
internal sealed class ApiKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    ApiKeyAuthenticator keys,
    RefusedLogins refused,
    IHostEnvironment environment
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "ApiKey";

    private const string MissingKey =
        "The API key is missing: send 'Authorization: Bearer cf_…' or 'x-api-key: cf_…'.";

    private const string SeveralKeys = "The request has several Authorization headers: send one.";

    private int? _retryAfterSeconds;
    private bool _isForeignAddress;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var secret = ApiKeyReader.Read(Request);
        var isDevelopers =
            secret is null or ApiKeyAuthenticator.DevelopmentKey
            && environment.IsDevelopment()
            && LocalRequest.IsTrusted(Request);
        secret ??= isDevelopers ? ApiKeyAuthenticator.DevelopmentKey : null;
        if (secret is null)
        {
            return AuthenticateResult.NoResult();
        }

        var network = ClientAddress.GetNetwork(Context);
        ClaimsPrincipal? user = null;
        if (secret != ApiKeyAuthenticator.DevelopmentKey || isDevelopers)
        {
            user = await keys.AuthenticateAsync(secret, network, Context.RequestAborted);
        }

        if (user is null)
        {
            _retryAfterSeconds = refused.AddUnknownKey(network);
            return AuthenticateResult.Fail("The API key is unknown, expired, disabled or revoked.");
        }

        var caller = Caller.From(user);
        if (!caller.IsAllowedFrom(ClientAddress.Get(Context)))
        {
            _isForeignAddress = true;
            refused.AddForeignAddress(caller, network);
            return AuthenticateResult.Fail("The API key is not accepted from this address.");
        }

        return AuthenticateResult.Success(new(user, SchemeName));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var failure = (await HandleAuthenticateOnceSafeAsync()).Failure?.Message;
        if (_isForeignAddress)
        {
            await RefuseAsync(StatusCodes.Status403Forbidden, failure!);
        }
        else if (_retryAfterSeconds is { } seconds)
        {
            Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            await RefuseAsync(
                StatusCodes.Status429TooManyRequests,
                "Too many requests with invalid API keys came from this address; the key of this one is invalid too."
            );
        }
        else
        {
            Response.Headers.WWWAuthenticate = "Bearer";
            await RefuseAsync(
                StatusCodes.Status401Unauthorized,
                failure ?? (Request.Headers.Authorization.Count > 1 ? SeveralKeys : MissingKey)
            );
        }
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var scopes = Context.GetEndpoint()?.Metadata.GetOrderedMetadata<ScopeRequirement>().Select(s => s.Scope) ?? [];
        return RefuseAsync(StatusCodes.Status403Forbidden, $"The key lacks the scope {string.Join(" and ", scopes)}.");
    }

    private Task RefuseAsync(int status, string detail) => Problems.Create(status, detail).ExecuteAsync(Context);
}
