namespace CogniForge.Serving.Experiments;

/// <summary>The rule for names of experiments, variants and metrics.</summary>
internal static class ExperimentName
{
    /// <summary>The maximum length, in characters.</summary>
    public const int MaxLength = 64;

    /// <summary>The rule in words, phrased to follow the path of the name.</summary>
    public const string Rule =
        "must be 1 to 64 letters a-z and A-Z, digits, hyphens and underscores, beginning with a letter";

    public static bool IsValid(string? name) =>
        name is { Length: >= 1 and <= MaxLength }
        && char.IsAsciiLetter(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
