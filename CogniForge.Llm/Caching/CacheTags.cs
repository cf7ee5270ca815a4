using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Caching;

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
        string[] tags = headers.TryGetValue(Header, out var value)
            ? value.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [];
        if (tags.Length > MaxTags || tags.Any(t => t.Length > MaxLength || t == "*"))
        {
            errors.Add(
                new(Header, $"must have at most {MaxTags} tags of at most {MaxLength} characters each, none of them *")
            );
        }

        return tags;
    }
}
