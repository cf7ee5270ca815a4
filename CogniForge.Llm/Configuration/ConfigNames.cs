using System.Text.RegularExpressions;

namespace CogniForge.Llm.Configuration;

/// <summary>Which names there may be.</summary>
internal static partial class ConfigNames
{
    public const string ModelRule =
        "must be 1 to 200 letters, digits and any of ._:/@+*-, the first a letter, a digit or *";

    public const string ProviderRule = "must be 1 to 64 lower-case letters, digits and hyphens, the first no hyphen";

    /// <summary>Whether a route, an alias or a model may be called so.</summary>
    public static bool IsModel(string? name) => name is not null && Model().IsMatch(name);

    /// <summary>Whether a provider may be called so.</summary>
    public static bool IsProvider(string? name) => name is not null && Provider().IsMatch(name);

    [GeneratedRegex(@"^[A-Za-z0-9*][A-Za-z0-9._:/@+*-]{0,199}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Model();

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Provider();
}
