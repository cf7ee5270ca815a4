using System.Text.RegularExpressions;

namespace CogniForge.Llm.Configuration;

/// <summary>The valid names of models, providers and projects, with the message for others.</summary>
internal static partial class ConfigNames
{
    public const string ModelRule =
        "must be 1 to 200 letters, digits and any of ._:/@+*-, and start with a letter, a digit or *";

    public const string ProviderRule =
        "must be 1 to 64 lower-case letters, digits and hyphens, and not start with a hyphen";

    public const string ProjectRule = ProviderRule;

    /// <summary>Whether a name is valid for a route, an alias or a model.</summary>
    public static bool IsModel(string? name) => name is not null && Model().IsMatch(name);

    public static bool IsProvider(string? name) => name is not null && Provider().IsMatch(name);

    public static bool IsProject(string? name) => IsProvider(name);

    [GeneratedRegex(@"^[A-Za-z0-9*][A-Za-z0-9._:/@+*-]{0,199}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Model();

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Provider();
}
