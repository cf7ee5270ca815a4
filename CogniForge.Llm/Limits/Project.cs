using CogniForge.Llm.Configuration;

namespace CogniForge.Llm.Limits;

/// <summary>A project, whose limits all of its keys share.</summary>
/// <param name="Name">The name.</param>
/// <param name="Limits">The limits.</param>
/// <param name="Origin">Where it is defined.</param>
internal sealed record Project(string Name, KeyLimits Limits, ConfigOrigin Origin)
{
    private const string Prefix = "project:";

    /// <summary>What its budget and rates are kept under, beside the ids of keys.</summary>
    public string LimitKey => GetLimitKey(Name);

    public static string GetLimitKey(string name) => Prefix + name;

    /// <summary>The name of the project whose budget is kept under a key; null: it is the id of an API key.</summary>
    public static string? ParseLimitKey(string key) =>
        key.StartsWith(Prefix, StringComparison.Ordinal) ? key[Prefix.Length..] : null;
}
