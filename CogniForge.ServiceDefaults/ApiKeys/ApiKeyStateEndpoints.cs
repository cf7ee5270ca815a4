using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>Revokes, rotates, disables and enables API keys.</summary>
internal static class ApiKeyStateEndpoints
{
    public static void Map(RouteGroupBuilder keys, ApiKeyExamples examples)
    {
        keys.MapDelete("/{id:guid}", Revoke)
            .WithName("RevokeKey")
            .WithSummary("Revoke a key permanently; takes effect on every replica within two seconds");
        keys.MapPost("/{id:guid}/rotate", Rotate)
            .WithName("RotateKey")
            .WithSummary("Replace a key's secret; only this response contains the new one")
            .WithDescription("The old secret ends at once, or after a grace period.")
            .WithExamples("""{ "graceSeconds": 3600 }""", examples.CreatedKey);
        keys.MapPost("/{id:guid}/disable", Disable)
            .WithName("DisableKey")
            .WithSummary("Disable a key until it is enabled again")
            .WithExamples(response: examples.DisabledKey);
        keys.MapPost("/{id:guid}/enable", Enable)
            .WithName("EnableKey")
            .WithSummary("Enable a disabled key")
            .WithExamples(response: examples.Key);
    }

    public static async Task<Results<NoContent, ProblemHttpResult>> Revoke(
        Guid id,
        IApiKeyStore store,
        TimeProvider time,
        CancellationToken cancellationToken
    ) =>
        await store.RevokeAsync(id, time.GetUtcNow(), cancellationToken)
            ? TypedResults.NoContent()
            : ApiKeysEndpoints.NotFound(id);

    public static async Task<Results<Ok<CreatedKey>, ProblemHttpResult>> Rotate(
        Guid id,
        RotateKeyRequest? request,
        HttpContext context,
        IApiKeyStore store,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (request?.GraceSeconds is < 0 or > RotateKeyRequest.MaxGraceSeconds)
        {
            return Problems.Invalid([new("graceSeconds", $"must be 0 to {RotateKeyRequest.MaxGraceSeconds}")]);
        }

        if (await store.GetAsync(id, cancellationToken) is not { } present)
        {
            return ApiKeysEndpoints.NotFound(id);
        }

        // The caller receives the secret, so it must not grant more than the caller's own key.
        if (ApiKeysEndpoints.RequireScopes(context, present.Scopes) is { } refusal)
        {
            return refusal;
        }

        var secret = ApiKey.NewSecret();
        DateTimeOffset? until = request?.GraceSeconds is > 0 and var grace ? time.GetUtcNow().AddSeconds(grace) : null;
        if (await store.RotateAsync(id, ApiKey.Hash(secret), until, cancellationToken) is not { } key)
        {
            return ApiKeysEndpoints.NotFound(id);
        }

        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new CreatedKey(secret, key));
    }

    public static async Task<Results<Ok<ApiKey>, ProblemHttpResult>> Disable(
        Guid id,
        IApiKeyStore store,
        TimeProvider time,
        CancellationToken cancellationToken
    ) =>
        await store.SetDisabledAsync(id, time.GetUtcNow(), cancellationToken) is { } key
            ? TypedResults.Ok(key)
            : ApiKeysEndpoints.NotFound(id);

    public static async Task<Results<Ok<ApiKey>, ProblemHttpResult>> Enable(
        Guid id,
        IApiKeyStore store,
        CancellationToken cancellationToken
    ) =>
        await store.SetDisabledAsync(id, null, cancellationToken) is { } key
            ? TypedResults.Ok(key)
            : ApiKeysEndpoints.NotFound(id);
}
