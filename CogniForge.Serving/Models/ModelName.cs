namespace CogniForge.Serving.Models;

/// <summary>The rule for a model's name, which stands in URLs, metric labels and events as it is.</summary>
/// <remarks>A DNS label (RFC 1123, section 2.1) in lower case, of up to 64 characters instead of 63.</remarks>
internal static class ModelName
{
    /// <summary>The most characters of a name.</summary>
    public const int MaxLength = 64;

    /// <summary>The rule in words, to be read after the path of the name.</summary>
    public const string Rule =
        "must be 1 to 64 lower-case letters a-z, digits and hyphens, beginning and ending with a letter or digit";

    /// <summary>Whether <paramref name="name"/> follows the rule.</summary>
    public static bool IsValid(string? name) =>
        name is { Length: >= 1 and <= MaxLength } && name[0] != '-' && name[^1] != '-' && name.All(IsAllowed);

    private static bool IsAllowed(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-';
}
