using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Serving.Models;

/// <summary>Validates descriptions and tags.</summary>
internal static class LabelsValidator
{
    /// <summary>The maximum length of a description, in characters.</summary>
    public const int MaxDescription = 10_000;

    /// <summary>The maximum number of tags.</summary>
    public const int MaxTags = 100;

    /// <summary>The maximum length of a tag's name, in characters, as MLflow's.</summary>
    public const int MaxTagName = 250;

    /// <summary>The maximum length of a tag's value, in characters, as MLflow's.</summary>
    public const int MaxTagValue = 5_000;

    public static IEnumerable<FieldError> Validate(string? description, IReadOnlyDictionary<string, string?>? tags) =>
        ValidateText("description", description, MaxDescription).Concat(ValidateTags(tags));

    /// <summary>Validates an optional text: its length, and that Postgres can store it.</summary>
    public static IEnumerable<FieldError> ValidateText(string path, string? text, int max)
    {
        if (text?.Length > max)
        {
            yield return new(path, $"must have at most {max} characters, has {text.Length}");
        }

        if (text?.Contains('\0', StringComparison.Ordinal) == true)
        {
            yield return new(path, "must not contain U+0000");
        }
    }

    private static IEnumerable<FieldError> ValidateTags(IReadOnlyDictionary<string, string?>? tags)
    {
        if (tags is null)
        {
            yield break;
        }

        if (tags.Count > MaxTags)
        {
            yield return new("tags", $"must have at most {MaxTags} entries, has {tags.Count}");
            yield break;
        }

        foreach (var (name, value) in tags)
        {
            var errors =
                name.Length == 0 ? [new("tags", "must not have an empty name")]
                : value is null ? [new($"tags.{name}", LogisticModelValidator.Required)]
                : ValidateText("tags", name, MaxTagName).Concat(ValidateText($"tags.{name}", value, MaxTagValue));
            foreach (var error in errors)
            {
                yield return error;
            }
        }
    }
}
