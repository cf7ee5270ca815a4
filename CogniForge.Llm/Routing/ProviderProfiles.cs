using System.IO.Enumeration;
using CogniForge.Llm.Configuration;

namespace CogniForge.Llm.Routing;

/// <summary>The providers known by name, of <c>providers.json</c>.</summary>
internal static class ProviderProfiles
{
    /// <summary>All profiles; of several that a model name matches, the first with a provider counts.</summary>
    public static IReadOnlyList<ProviderProfile> All { get; } = Read();

    /// <summary>The names, as <c>kind</c> takes them.</summary>
    public static string Names { get; } = string.Join(", ", All.Select(p => p.Name));

    /// <summary>The names of the providers that need no base URL.</summary>
    public static IReadOnlyList<string> NamesWithDefaultUrl { get; } =
    [.. All.Where(p => p.DefaultUrl is not null).Select(p => p.ProviderName)];

    /// <summary>Finds a provider by its name, in any case; null: it is not known.</summary>
    public static ProviderProfile? Find(string? name) =>
        All.FirstOrDefault(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The profile of a kind, for providers without one of their own.</summary>
    public static ProviderProfile For(ProviderKind kind) => Find(kind.ToString())!;

    /// <summary>The profiles that match a model name without a provider; OpenRouter takes the others.</summary>
    public static IEnumerable<ProviderProfile> FindByModel(string model) =>
        All.Where(p => p.ModelNames.Any(n => FileSystemName.MatchesSimpleExpression(n, model, ignoreCase: false)))
            .OrderBy(p => p.Kind == ProviderKind.OpenRouter);

    private static ProviderProfile[] Read()
    {
        using var reader = new StreamReader(
            typeof(ProviderProfiles).Assembly.GetManifestResourceStream(typeof(ProviderProfiles), "providers.json")!
        );
        return ConfigJson.Read<ProviderProfile[]>(reader.ReadToEnd());
    }
}
