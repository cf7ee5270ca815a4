using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>The metadata of a key or a request: texts by name, within the bounds of OpenAI's API.</summary>
public static class KeyMetadata
{
    /// <summary>The most names.</summary>
    public const int MaxPairs = 16;

    private const int MaxName = 64;
    private const int MaxValue = 512;

    /// <summary>The fields that break a rule, each with the rule.</summary>
    /// <param name="metadata">The metadata; <see langword="null"/>: none.</param>
    public static IEnumerable<FieldError> Validate(IReadOnlyDictionary<string, string?>? metadata)
    {
        if (metadata?.Count > MaxPairs)
        {
            yield return new("metadata", $"must have at most {MaxPairs} names");
            yield break;
        }

        foreach (var error in (metadata ?? new Dictionary<string, string?>()).Select(m => Validate(m.Key, m.Value)))
        {
            if (error is { } broken)
            {
                yield return broken;
            }
        }
    }

    /// <summary>The rule that a name or its text breaks; <see langword="null"/>: none.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The text; <see langword="null"/>: it is not a string.</param>
    public static FieldError? Validate(string name, string? value) =>
        name.Length is 0 or > MaxName || name.Any(char.IsControl)
            ? new("metadata", $"must have names of 1 to {MaxName} characters, no control characters")
        : value is not { Length: <= MaxValue } || value.Contains('\0')
            ? new($"metadata.{name}", $"must be a string of at most {MaxValue} characters, none of them U+0000")
        : null;

    /// <summary>Converts valid metadata of a body; none is null.</summary>
    internal static IReadOnlyDictionary<string, string>? Normalize(IReadOnlyDictionary<string, string?>? metadata) =>
        metadata is { Count: > 0 } ? metadata.ToDictionary(m => m.Key, m => m.Value!, StringComparer.Ordinal) : null;
}
