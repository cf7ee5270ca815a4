namespace CogniForge.Serving.Models;

/// <summary>The rule for model names, which appear unescaped in URLs, metric labels and events.</summary>
/// <remarks>A lower-case DNS label (RFC 1123, section 2.1), but with up to 64 characters instead of 63.</remarks>
internal static class ModelName
{
    /// <summary>The maximum length, in characters.</summary>
    public const int MaxLength = 64;

    /// <summary>The rule in words, phrased to follow the path of the name.</summary>
    public const string Rule =
        "must be 1 to 64 lower-case letters a-z, digits and hyphens, beginning and ending with a letter or digit";

    public static bool IsValid(string? name) =>
        name is { Length: >= 1 and <= MaxLength } && name[0] != '-' && name[^1] != '-' && name.All(IsAllowed);

    private static bool IsAllowed(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-';
}
