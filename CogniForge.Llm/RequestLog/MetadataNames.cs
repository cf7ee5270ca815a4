namespace CogniForge.Llm.RequestLog;

/// <summary>The names of metadata in queries: <c>metadata.team</c>.</summary>
internal static class MetadataNames
{
    /// <summary>The start of the names in queries.</summary>
    public const string Prefix = "metadata.";

    private const int MaxName = 64;

    /// <summary>Parses the name in a query; null: it names no metadata.</summary>
    public static string? Parse(string name) =>
        name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
        && name.Length - Prefix.Length is >= 1 and <= MaxName
        && !name.Contains('\0')
            ? name[Prefix.Length..]
            : null;
}
