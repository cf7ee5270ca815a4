using CogniForge.ServiceDefaults.Audit;
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
            .WithDescription(
                "The old secret ends at once, or after a grace period. The caller must have whatever the key gives."
            )
            .WithExamples("""{ "graceSeconds": 3600 }""", examples.CreatedKey);
        keys.MapPost("/{id:guid}/disable", Disable)
            .WithName("DisableKey")
            .WithSummary("Disable a key until it is enabled again")
            .WithExamples(response: examples.DisabledKey);
        keys.MapPost("/{id:guid}/enable", Enable)
            .WithName("EnableKey")
            .WithSummary("Enable a disabled key")
            .WithDescription("The caller must have whatever the key gives.")
            .WithExamples(response: examples.Key);
    }

    public static async Task<Results<NoContent, ProblemHttpResult>> Revoke(
        Guid id,
        HttpContext context,
        IApiKeyStore store,
        CancellationToken cancellationToken
    )
    {
        var request = AuditedRequest.From(context);
        return
            await store.ChangeAsync(id, k => k with { RevokedAt = request.At }, request, cancellationToken) is not null
            || await store.GetAsync(id, cancellationToken) is not null
            ? TypedResults.NoContent()
            : ApiKeysEndpoints.NotFound(id);
    }

    public static async Task<Results<Ok<CreatedKey>, ProblemHttpResult>> Rotate(
        Guid id,
        RotateKeyRequest? request,
        HttpContext context,
        IApiKeyStore store,
        CancellationToken cancellationToken
    )
    {
        if (request?.GraceSeconds is < 0 or > RotateKeyRequest.MaxGraceSeconds)
        {
            return Problems.Invalid([new("graceSeconds", $"must be 0 to {RotateKeyRequest.MaxGraceSeconds}")]);
        }

        // The caller receives the secret, so it must not grant more than the caller's own key.
        if (await RefuseAsync(id, context, store, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var (secret, audited) = (ApiKey.NewSecret(), AuditedRequest.From(context));
        DateTimeOffset? until = request?.GraceSeconds is > 0 and var grace ? audited.At.AddSeconds(grace) : null;
        if (await store.RotateAsync(id, ApiKey.Hash(secret), until, audited, cancellationToken) is not { } key)
        {
            return ApiKeysEndpoints.NotFound(id);
        }

        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new CreatedKey(secret, key));
    }

    public static async Task<Results<Ok<ApiKey>, ProblemHttpResult>> Disable(
        Guid id,
        HttpContext context,
        IApiKeyStore store,
        CancellationToken cancellationToken
    )
    {
        var request = AuditedRequest.From(context);
        return
            await store.ChangeAsync(
                id,
                k => k.DisabledAt is null ? k with { DisabledAt = request.At } : k,
                request,
                cancellationToken
            )
                is { } key
            ? TypedResults.Ok(key)
            : ApiKeysEndpoints.NotFound(id);
    }

    public static async Task<Results<Ok<ApiKey>, ProblemHttpResult>> Enable(
        Guid id,
        HttpContext context,
        IApiKeyStore store,
        CancellationToken cancellationToken
    )
    {
        if (await RefuseAsync(id, context, store, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        return
            await store.ChangeAsync(
                id,
                k => k.DisabledAt is null ? k : k with { DisabledAt = null },
                AuditedRequest.From(context),
                cancellationToken
            )
                is { } key
            ? TypedResults.Ok(key)
            : ApiKeysEndpoints.NotFound(id);
    }

    private static async Task<ProblemHttpResult?> RefuseAsync(
        Guid id,
        HttpContext context,
        IApiKeyStore store,
        CancellationToken cancellationToken
    ) =>
        await store.GetAsync(id, cancellationToken) is { } key
            ? KeyGrants.Require(Caller.From(context.User), key)
            : ApiKeysEndpoints.NotFound(id);
}
