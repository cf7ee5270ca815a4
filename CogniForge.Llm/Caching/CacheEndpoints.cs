using System.ComponentModel;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.Llm.Caching;

internal static class CacheEndpoints
{
    public static void MapCache(this IEndpointRouteBuilder endpoints) =>
        endpoints
            .MapPost("/api/v1/llm/cache/purge", Purge)
            .TakesOnly("tag")
            .RequireScope(Scopes.Admin("llm"))
            .WithTags("Cache")
            .WithName("PurgeCache")
            .WithSummary(
                "Purge cached responses: all of them, or those with a tag "
                    + "(a route's name, or a tag from a request's x-cogniforge-cache-tags)"
            )
            .WithParameterExample("tag", "fast");

    public static async Task<Results<NoContent, ProblemHttpResult>> Purge(
        ResponseCache cache,
        HttpRequest request,
        IAuditLog audit,
        CancellationToken cancellationToken,
        [Description("Purge only responses with this tag. Default: all.")] string? tag = null
    )
    {
        if (tag is { Length: 0 or > CacheTags.MaxLength } || tag?.Contains('\0') == true)
        {
            return Problems.Invalid([
                new("tag", $"must have 1 to {CacheTags.MaxLength} characters, none of them U+0000"),
            ]);
        }

        // A tag in the body would otherwise be ignored, and the request would purge everything.
        if (await request.Body.ReadAsync(new byte[1], cancellationToken) > 0)
        {
            return Problems.Invalid([new("", "must be empty: the tag is a parameter, ?tag=fast")]);
        }

        await audit.AddAsync(
            AuditedRequest.From(request.HttpContext).ToEntry(tag is null ? "cache" : $"cache/{tag}"),
            cancellationToken
        );
        await cache.PurgeAsync(tag, cancellationToken);
        return TypedResults.NoContent();
    }
}
