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

        foreach (var (name, value) in metadata ?? new Dictionary<string, string?>())
        {
            if (name.Length is 0 or > MaxName || name.Any(char.IsControl))
            {
                yield return new("metadata", $"must have names of 1 to {MaxName} characters, no control characters");
            }
            else if (value is not { Length: <= MaxValue } || value.Contains('\0'))
            {
                yield return new(
                    $"metadata.{name}",
                    $"must be a string of at most {MaxValue} characters, none of them U+0000"
                );
            }
        }
    }

    /// <summary>Converts valid metadata of a body; none is null.</summary>
    internal static IReadOnlyDictionary<string, string>? Normalize(IReadOnlyDictionary<string, string?>? metadata) =>
        metadata is { Count: > 0 } ? metadata.ToDictionary(m => m.Key, m => m.Value!, StringComparer.Ordinal) : null;
}
