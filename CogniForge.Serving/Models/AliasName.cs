using System.Collections.Frozen;

namespace CogniForge.Serving.Models;

/// <summary>The rule for aliases, which stand where a version's number may stand.</summary>
internal static class AliasName
{
    /// <summary>The maximum length, in characters.</summary>
    public const int MaxLength = 64;

    /// <summary>The maximum number of aliases of a model.</summary>
    public const int MaxAliases = 100;

    /// <summary>The rule in words, phrased to follow the path of the alias.</summary>
    public const string Rule =
        "must be 1 to 64 letters a-z and A-Z, digits, hyphens and underscores, beginning with a letter; version "
        + "numbers such as \"v2\" and names of routes such as \"latest\" are reserved";

    private static readonly FrozenSet<string> _reserved = new[]
    {
        "latest",
        "newest",
        "count",
        "versions",
        "version",
        "aliases",
        "alias",
        "history",
        "roll-back",
        "state",
        "artifact",
        "infer",
        "ready",
        "load",
        "unload",
        "routing",
        "stats",
        "config",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool IsValid(string? name) =>
        name is { Length: >= 1 and <= MaxLength }
        && char.IsAsciiLetter(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
        && !_reserved.Contains(name)
        && !IsVersionNumber(name);

    private static bool IsVersionNumber(string name) =>
        name.Length > 1 && name[0] is 'v' or 'V' && name.Skip(1).All(char.IsAsciiDigit);
}
