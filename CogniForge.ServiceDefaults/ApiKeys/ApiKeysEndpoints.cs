using System.Text.Json;
using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>The caller's identity and the management of API keys: the same routes at every service.</summary>
internal static class ApiKeysEndpoints
{
    public static void MapKeys(this IEndpointRouteBuilder endpoints, string service)
    {
        var limits = endpoints.ServiceProvider.GetService<IKeyLimits>();
        var examples = new ApiKeyExamples(service, limits);
        endpoints
            .MapGet("/api/v1/whoami", WhoAmI)
            .RequireAuthorization()
            .WithTags("Keys")
            .WithName("WhoAmI")
            .WithSummary("Get the caller's key and scopes")
            .WithExamples(response: examples.Caller);

        var keys = endpoints.MapGroup($"/api/v1/{service}/keys").RequireScope(Scopes.Admin(service)).WithTags("Keys");
        keys.MapPost("/", Create)
            .WithName("CreateKey")
            .WithSummary("Create a key; only this response contains its secret")
            .WithDescription("Does not support Idempotency-Key: the stored response would contain the secret.")
            .WithExamples(examples.CreateRequest, examples.CreatedKey);
        keys.MapGet("/", List)
            .TakesOnly("limit", "cursor")
            .WithName("ListKeys")
            .WithSummary("List the keys without their secrets, oldest first")
            .WithExamples(response: $$"""{ "items": [{{examples.Key}}], "next": null }""");
        keys.MapGet("/{id:guid}", Get)
            .WithName("GetKey")
            .WithSummary("Get a key without its secret; revoked keys too")
            .WithExamples(response: examples.Key);
        keys.MapPatch("/{id:guid}", Change)
            .WithName("ChangeKey")
            .WithSummary(
                "Rename a key, change its expiry, its allowed addresses or its metadata; takes effect on every replica "
                    + "within two seconds"
            )
            .WithDescription(
                "Fields that are not in the body stay unchanged; `\"expiresAt\": null` means never, "
                    + "`\"allowedAddresses\": null` from everywhere, "
                    + "`\"metadata\": null` none. The caller must have the key's scopes and, for a "
                    + "new expiry or new addresses, not less itself."
            )
            .WithExamples("""{ "name": "build server", "expiresAt": "2099-01-01T00:00:00+00:00" }""", examples.Key);
        ApiKeyStateEndpoints.Map(keys, examples);
        if (limits is not null)
        {
            KeyLimitsEndpoints.Map(keys, limits);
        }
    }

    public static Ok<Caller> WhoAmI(HttpContext context) => TypedResults.Ok(Caller.From(context.User));

    public static async Task<Results<Created<CreatedKey>, ProblemHttpResult>> Create(
        CreateKeyRequest request,
        HttpContext context,
        IApiKeyStore store,
        IServiceProvider services,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        var (invalid, limits) = await ValidateLimitsAsync(request.Limits, services, cancellationToken);
        var errors = FieldErrors.From(request.Validate(now).Concat(invalid));
        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        var key = new ApiKey(
            OrderedId.Create(now),
            request.Name!.Trim(),
            [.. request.Scopes!.Distinct()],
            now,
            request.ExpiresAt?.ToUniversalTime(),
            null
        )
        {
            Limits = limits,
            AllowedAddresses = AddressRanges.Normalize(request.AllowedAddresses),
            Metadata = KeyMetadata.Normalize(request.Metadata),
        };
        if (KeyGrants.Require(Caller.From(context.User), key) is { } refusal)
        {
            return refusal;
        }

        var secret = ApiKey.NewSecret();
        await store.AddAsync(key, ApiKey.Hash(secret), AuditedRequest.From(context), cancellationToken);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created((string?)null, new CreatedKey(secret, key));
    }

    public static async Task<Results<Ok<Page<ApiKey>>, ProblemHttpResult>> List(
        [AsParameters] PageQuery query,
        IApiKeyStore store,
        CancellationToken cancellationToken
    ) =>
        query.Parse(out var cursor, out var limit) is { Count: > 0 } errors
            ? Problems.Invalid(errors)
            : TypedResults.Ok(await store.ListAsync(cursor, limit, cancellationToken));

    public static async Task<Results<Ok<ApiKey>, ProblemHttpResult>> Get(
        Guid id,
        IApiKeyStore store,
        CancellationToken cancellationToken
    ) =>
        await store.GetAsync(id, cancellationToken) is { } key
            ? TypedResults.Ok(key)
            : Problems.Create(StatusCodes.Status404NotFound, $"Key {id} does not exist.");

    public static async Task<Results<Ok<ApiKey>, ProblemHttpResult>> Change(
        Guid id,
        ChangeKeyRequest request,
        HttpContext context,
        IApiKeyStore store,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (FieldErrors.From(request.Validate(time.GetUtcNow())) is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        if (await store.GetAsync(id, cancellationToken) is not { RevokedAt: null } present)
        {
            return NotFound(id);
        }

        // A new expiry grants the key's scopes again, so the same rules apply as for a new key.
        var caller = Caller.From(context.User);
        var refusal =
            request.SetsExpiry || request.SetsAddresses
                ? KeyGrants.Require(caller, request.Apply(present))
                : KeyGrants.RequireScopes(caller, present.Scopes);
        return refusal is not null ? refusal
            : await store.ChangeAsync(id, request.Apply, AuditedRequest.From(context), cancellationToken) is { } key
                ? TypedResults.Ok(key)
            : NotFound(id);
    }

    public static ProblemHttpResult NotFound(Guid id) =>
        Problems.Create(StatusCodes.Status404NotFound, $"Key {id} does not exist or is revoked.");

    private static async Task<(IReadOnlyList<FieldError> Errors, JsonElement? Stored)> ValidateLimitsAsync(
        JsonElement? sent,
        IServiceProvider services,
        CancellationToken cancellationToken
    ) =>
        sent is not { ValueKind: not JsonValueKind.Null } document ? ([], null)
        : services.GetService<IKeyLimits>() is { } limits
            ? await limits.ValidateAsync(document, "limits", cancellationToken)
        : ([new("limits", "must not be set: this service has no limits")], null);
}
