using System.ComponentModel;
using CogniForge.Llm.Application.Caching;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.Keys;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.Llm.Api;

/// <summary>Looks after the cache of answers.</summary>
internal static class CacheApi
{
    public static void MapCache(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost("/api/v1/llm/cache/purge", Purge).TakesOnly("tag").RequireScope(Scopes.Admin("llm")).WithTags("Cache")
            .WithName("PurgeCache").WithSummary("Forget cached answers: all of them, or those with a tag (a route's name, or what a request named in x-cogniforge-cache-tags)").WithParameterExample("tag", "fast");

    public static async Task<Results<NoContent, ProblemHttpResult>> Purge(
        AnswerCache cache, HttpRequest request, CancellationToken cancellationToken, [Description("Only answers with this tag. Default: all.")] string? tag = null)
    {
        if (tag is { Length: 0 or > CacheTags.MaxLength })
        {
            return Problems.Invalid([new("tag", $"must have 1 to {CacheTags.MaxLength} characters")]);
        }

        // Whoever writes the tag there does not mean all answers.
        if (await request.Body.ReadAsync(new byte[1], cancellationToken) > 0)
        {
            return Problems.Invalid([new("", "must be empty: the tag is a parameter, ?tag=fast")]);
        }

        await cache.PurgeAsync(tag, cancellationToken);
        return TypedResults.NoContent();
    }
}

/// <summary>The tags that a request gives its answer.</summary>
internal static class CacheTags
{
    /// <summary>The header that has them, separated by commas.</summary>
    public const string Header = "x-cogniforge-cache-tags";

    /// <summary>The longest tag, in characters.</summary>
    public const int MaxLength = 200;

    private const int MaxTags = 10;

    /// <summary>Reads them; more than ten, or longer ones, break a rule.</summary>
    public static IReadOnlyList<string> Read(IHeaderDictionary headers, List<FieldError> errors)
    {
        string[] tags = headers.TryGetValue(Header, out var value) ? value.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [];
        if (tags.Length > MaxTags || tags.Any(t => t.Length > MaxLength || t == "*"))
        {
            errors.Add(new(Header, $"must have at most {MaxTags} tags of at most {MaxLength} characters each, none of them *"));
        }

        return tags;
    }
}
