using CogniForge.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.ServiceDefaults.Keys;

/// <summary>A request for a new key.</summary>
/// <param name="Name">What the key is for: 1 to 200 characters.</param>
/// <param name="Scopes">What it may do: at least one scope, all of them the caller's own.</param>
/// <param name="ExpiresAt">From when on it is refused; a moment in the future. Default: never.</param>
public sealed record CreateKeyRequest(string? Name, IReadOnlyList<string>? Scopes, DateTimeOffset? ExpiresAt = null);

/// <summary>A new key. This is the only time that the secret is shown.</summary>
/// <param name="Key">The secret, <c>cf_…</c>.</param>
/// <param name="Details">What is kept of the key.</param>
public sealed record CreatedKey(string Key, ApiKey Details);

/// <summary>Who am I, and which keys are there: the same routes at every service.</summary>
internal static class KeysApi
{
    public static void MapKeys(this IEndpointRouteBuilder endpoints, string service)
    {
        endpoints.MapGet("/api/v1/whoami", WhoAmI).RequireAuthorization().WithTags("Keys")
            .WithName("WhoAmI").WithSummary("The caller's key and scopes");

        var keys = endpoints.MapGroup($"/api/v1/{service}/keys").RequireScope(Scopes.Admin(service)).WithTags("Keys");
        keys.MapPost("/", Create).WithName("CreateKey").WithSummary("Make a key; its secret is shown this once")
            .WithDescription("Takes no Idempotency-Key: a stored answer would hold the secret.");
        keys.MapGet("/", List).WithName("ListKeys").WithSummary("The keys, oldest first, without their secrets");
        keys.MapDelete("/{id:guid}", Revoke).WithName("RevokeKey").WithSummary("Revoke a key; every replica refuses it within two seconds");
    }

    public static Ok<Caller> WhoAmI(HttpContext context) => TypedResults.Ok(Caller.Of(context.User));

    public static async Task<Results<Created<CreatedKey>, ProblemHttpResult>> Create(
        CreateKeyRequest request, HttpContext context, IApiKeyStore store, TimeProvider time, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var errors = Check(request, now).ToList();
        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        var beyond = request.Scopes!.Except(Caller.Of(context.User).Scopes).ToList();
        if (beyond.Count > 0)
        {
            return Problems.Of(StatusCodes.Status403Forbidden, $"A key cannot be given scopes that its maker lacks: {string.Join(", ", beyond)}.");
        }

        var secret = ApiKey.NewSecret();
        var key = new ApiKey(Guid.CreateVersion7(now), request.Name!.Trim(), [.. request.Scopes!.Distinct()], now, request.ExpiresAt?.ToUniversalTime(), null);
        await store.AddAsync(key, ApiKey.Hash(secret), cancellationToken);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created((string?)null, new CreatedKey(secret, key));
    }

    public static async Task<Results<Ok<Page<ApiKey>>, ProblemHttpResult>> List(
        [AsParameters] PageQuery query, IApiKeyStore store, CancellationToken cancellationToken) =>
        query.Parse(out var cursor, out var limit) is { Count: > 0 } errors
            ? Problems.Invalid(errors)
            : TypedResults.Ok(await store.ListAsync(cursor, limit, cancellationToken));

    public static async Task<Results<NoContent, ProblemHttpResult>> Revoke(Guid id, IApiKeyStore store, TimeProvider time, CancellationToken cancellationToken) =>
        await store.RevokeAsync(id, time.GetUtcNow(), cancellationToken)
            ? TypedResults.NoContent()
            : Problems.Of(StatusCodes.Status404NotFound, $"There is no key {id}.");

    private static IEnumerable<FieldError> Check(CreateKeyRequest request, DateTimeOffset now)
    {
        // Postgres' text has no place for U+0000.
        if (string.IsNullOrWhiteSpace(request.Name) || request.Name.Length > 200 || request.Name.Contains('\0'))
        {
            yield return new("name", "must have 1 to 200 characters, none of them U+0000");
        }

        if (request.Scopes is not { Count: > 0 })
        {
            yield return new("scopes", "must name at least one scope");
        }

        for (var i = 0; i < (request.Scopes?.Count ?? 0); i++)
        {
            if (!Scopes.All.Contains(request.Scopes![i]))
            {
                yield return new($"scopes[{i}]", $"must be one of {string.Join(", ", Scopes.All)}");
            }
        }

        if (request.ExpiresAt <= now)
        {
            yield return new("expiresAt", "must be in the future");
        }
    }
}
