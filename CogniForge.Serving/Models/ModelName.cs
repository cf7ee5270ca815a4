namespace CogniForge.Serving.Models;

/// <summary>The rule for model names, which appear unescaped in URLs, metric labels and events.</summary>
/// <remarks>Only unreserved characters of RFC 3986, section 2.3, except <c>~</c>.</remarks>
internal static class ModelName
{
    /// <summary>The maximum length, in characters.</summary>
    public const int MaxLength = 64;

    /// <summary>The rule in words, phrased to follow the path of the name.</summary>
    public const string Rule =
        "must be 1 to 64 letters a-z and A-Z, digits, hyphens, underscores and dots, beginning and ending with a "
        + "letter or digit, and not be \"count\"";

    // GET /api/v1/serving/models/count counts the models.
    private const string Reserved = "count";

    public static bool IsValid(string? name) =>
        name is { Length: >= 1 and <= MaxLength } and not Reserved
        && char.IsAsciiLetterOrDigit(name[0])
        && char.IsAsciiLetterOrDigit(name[^1])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
