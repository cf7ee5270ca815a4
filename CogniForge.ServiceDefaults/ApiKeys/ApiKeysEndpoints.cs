using System.Text.Json;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>Who am I, and which keys are there: the same routes at every service.</summary>
internal static class ApiKeysEndpoints
{
    public static void MapKeys(this IEndpointRouteBuilder endpoints, string service)
    {
        const string Id = "01a1fd55-fb34-7c75-ad65-0084cbb1d99c";
        const string Secret = "cf_…";
        var scopes = $"""["{Scopes.Read(service)}"]""";
        var limits = endpoints.ServiceProvider.GetService<IKeyLimits>();
        var limited = limits is null ? "" : $""", "limits": {limits.Example.Trim()}""";
        var details =
            $$"""{ "id": "{{Id}}", "name": "build server", "scopes": {{scopes}}, "createdAt": "2026-11-21T09:13:52+00:00", "expiresAt": "2099-01-01T00:00:00+00:00", "revokedAt": null, "disabledAt": null, "limits": {{limits?.Example ?? "null"}} }""";
        var made = $$"""{ "key": "{{Secret}}", "details": {{details}} }""";

        endpoints
            .MapGet("/api/v1/whoami", WhoAmI)
            .RequireAuthorization()
            .WithTags("Keys")
            .WithName("WhoAmI")
            .WithSummary("The caller's key and scopes")
            .WithExamples(
                response: $$"""{ "id": "{{Id}}", "name": "build server", "scopes": {{scopes}}, "expiresAt": null }"""
            );

        var keys = endpoints.MapGroup($"/api/v1/{service}/keys").RequireScope(Scopes.Admin(service)).WithTags("Keys");
        keys.MapPost("/", Create)
            .WithName("CreateKey")
            .WithSummary("Make a key; its secret is shown this once")
            .WithDescription("Takes no Idempotency-Key: a stored answer would hold the secret.")
            .WithExamples(
                $$"""{ "name": "build server", "scopes": {{scopes}}, "expiresAt": "2099-01-01T00:00:00+00:00"{{limited}} }""",
                made
            );
        keys.MapGet("/", List)
            .TakesOnly("limit", "cursor")
            .WithName("ListKeys")
            .WithSummary("The keys, oldest first, without their secrets")
            .WithExamples(response: $$"""{ "items": [{{details}}], "next": null }""");
        keys.MapGet("/{id:guid}", Get)
            .WithName("GetKey")
            .WithSummary("A key, a revoked one too, without its secret")
            .WithExamples(response: details);
        keys.MapPatch("/{id:guid}", Change)
            .WithName("ChangeKey")
            .WithSummary("Rename a key, or set another expiry; every replica knows it within two seconds")
            .WithDescription(
                "What is not in the body stays as it is; `\"expiresAt\": null` means never. An expired key with a new expiry is taken again, so only a caller who has the key's scopes may set one."
            )
            .WithExamples("""{ "name": "build server", "expiresAt": "2099-01-01T00:00:00+00:00" }""", details);
        keys.MapDelete("/{id:guid}", Revoke)
            .WithName("RevokeKey")
            .WithSummary("Revoke a key for good; every replica refuses it within two seconds");
        keys.MapPost("/{id:guid}/rotate", Rotate)
            .WithName("RotateKey")
            .WithSummary("Give a key a new secret, shown this once; the old one ends at once or after a grace")
            .WithExamples("""{ "graceSeconds": 3600 }""", made);
        keys.MapPost("/{id:guid}/disable", Disable)
            .WithName("DisableKey")
            .WithSummary("Refuse a key until it is enabled again")
            .WithExamples(
                response: details.Replace(
                    "\"disabledAt\": null",
                    "\"disabledAt\": \"2026-11-21T10:00:00+00:00\"",
                    StringComparison.Ordinal
                )
            );
        keys.MapPost("/{id:guid}/enable", Enable)
            .WithName("EnableKey")
            .WithSummary("Take a disabled key again")
            .WithExamples(response: details);
        if (limits is not null)
        {
            keys.MapGet("/{id:guid}/limits", GetLimits)
                .WithName("GetKeyLimits")
                .WithSummary("A key's limits")
                .Produces(StatusCodes.Status200OK, limits.Type)
                .WithExamples(response: limits.Example);
            keys.MapPut("/{id:guid}/limits", SetLimits)
                .WithName("SetKeyLimits")
                .WithSummary("Replace a key's limits; every replica knows them within two seconds")
                .Produces(StatusCodes.Status200OK, limits.Type)
                .AddOpenApiOperationTransformer(DescribeLimitsAsync)
                .WithExamples(limits.Example, limits.Example);
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
        var errors = request.Check(now).Concat(CheckLimits(request.Limits, services, out var limits)).ToList();
        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        if (Beyond(context, request.Scopes!) is { } beyond)
        {
            return beyond;
        }

        var secret = ApiKey.NewSecret();
        var key = new ApiKey(
            Guid.CreateVersion7(now),
            request.Name!.Trim(),
            [.. request.Scopes!.Distinct()],
            now,
            request.ExpiresAt?.ToUniversalTime(),
            null
        )
        {
            Limits = limits,
        };
        await store.AddAsync(key, ApiKey.Hash(secret), cancellationToken);
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
            : Problems.Create(StatusCodes.Status404NotFound, $"There is no key {id}.");

    public static async Task<Results<Ok<ApiKey>, ProblemHttpResult>> Change(
        Guid id,
        ChangeKeyRequest request,
        HttpContext context,
        IApiKeyStore store,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (request.Check(time.GetUtcNow()).ToList() is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        if (request.SetsExpiry)
        {
            if (await store.GetAsync(id, cancellationToken) is not { RevokedAt: null } present)
            {
                return None(id);
            }

            // Who held the secret of a key that has ended, or will, holds its scopes again: as with a new key, nobody gives what they lack.
            if (
                Beyond(context, present.Scopes, "The expiry of a key cannot be set by one who lacks its scopes") is
                { } beyond
            )
            {
                return beyond;
            }
        }

        return
            await store.ChangeAsync(
                id,
                request.Name?.Trim(),
                request.SetsExpiry,
                request.ExpiresAt?.ToUniversalTime(),
                cancellationToken
            )
                is { } key
            ? TypedResults.Ok(key)
            : None(id);
    }

    public static async Task<Results<NoContent, ProblemHttpResult>> Revoke(
        Guid id,
        IApiKeyStore store,
        TimeProvider time,
        CancellationToken cancellationToken
    ) => await store.RevokeAsync(id, time.GetUtcNow(), cancellationToken) ? TypedResults.NoContent() : None(id);

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

        // Whoever rotates a key holds it afterwards: it must not be worth more than their own.
        if (await store.GetAsync(id, cancellationToken) is not { } present)
        {
            return None(id);
        }

        if (Beyond(context, present.Scopes) is { } beyond)
        {
            return beyond;
        }

        var secret = ApiKey.NewSecret();
        DateTimeOffset? until = request?.GraceSeconds is > 0 and var grace ? time.GetUtcNow().AddSeconds(grace) : null;
        if (await store.RotateAsync(id, ApiKey.Hash(secret), until, cancellationToken) is not { } key)
        {
            return None(id);
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
            : None(id);

    public static async Task<Results<Ok<ApiKey>, ProblemHttpResult>> Enable(
        Guid id,
        IApiKeyStore store,
        CancellationToken cancellationToken
    ) => await store.SetDisabledAsync(id, null, cancellationToken) is { } key ? TypedResults.Ok(key) : None(id);

    public static async Task<IResult> GetLimits(Guid id, IApiKeyStore store, CancellationToken cancellationToken) =>
        await store.GetAsync(id, cancellationToken) is { } key
            ? TypedResults.Ok(key.Limits ?? JsonSerializer.SerializeToElement(new { }))
            : None(id);

    public static async Task<IResult> SetLimits(
        Guid id,
        JsonElement body,
        IApiKeyStore store,
        IKeyLimits limits,
        CancellationToken cancellationToken
    )
    {
        if (limits.Check(body, "", out var kept) is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        if (await store.SetLimitsAsync(id, kept!.Value, cancellationToken) is not { } key)
        {
            return None(id);
        }

        limits.Changed(id);
        return TypedResults.Ok(key.Limits);
    }

    private static IEnumerable<FieldError> CheckLimits(
        JsonElement? sent,
        IServiceProvider services,
        out JsonElement? kept
    )
    {
        kept = null;
        return sent is not { ValueKind: not JsonValueKind.Null } document ? []
            : services.GetService<IKeyLimits>() is { } limits ? limits.Check(document, "limits", out kept)
            : [new("limits", "must not be given: this service has none")];
    }

    private static ProblemHttpResult? Beyond(
        HttpContext context,
        IEnumerable<string> scopes,
        string rule = "A key cannot be given scopes that its maker lacks"
    ) =>
        scopes.Except(Caller.From(context.User).Scopes).ToList() is { Count: > 0 } beyond
            ? Problems.Create(StatusCodes.Status403Forbidden, $"{rule}: {string.Join(", ", beyond)}.")
            : null;

    private static ProblemHttpResult None(Guid id) =>
        Problems.Create(StatusCodes.Status404NotFound, $"There is no key {id}, or it was revoked.");

    /// <summary>The body is bound as raw JSON, of which the document would know nothing.</summary>
    private static async Task DescribeLimitsAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var schema = await context.GetOrCreateSchemaAsync(
            context.ApplicationServices.GetRequiredService<IKeyLimits>().Type,
            cancellationToken: cancellationToken
        );
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = schema } },
        };
    }
}
