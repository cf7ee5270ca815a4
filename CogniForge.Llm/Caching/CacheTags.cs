using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Caching;

/// <summary>The tags that a request gives its cached response, for purging.</summary>
internal static class CacheTags
{
    /// <summary>The request header with the comma-separated tags.</summary>
    public const string Header = "x-cogniforge-cache-tags";

    /// <summary>The maximum length of a tag, in characters.</summary>
    public const int MaxLength = 200;

    private const int MaxTags = 10;

    /// <summary>Reads the tags; adds an error if there are more than ten, or if one is too long or <c>*</c>.</summary>
    public static IReadOnlyList<string> Read(IHeaderDictionary headers, FieldErrors errors)
    {
        string[] tags = headers.TryGetValue(Header, out var value)
            ? value.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [];
        if (tags.Length > MaxTags || tags.Any(t => t.Length > MaxLength || t == "*"))
        {
            errors.Add(
                new(Header, $"must have at most {MaxTags} tags of at most {MaxLength} characters each; * is not a tag")
            );
        }

        return tags;
    }
}
