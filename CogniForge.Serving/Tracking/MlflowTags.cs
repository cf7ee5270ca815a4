using CogniForge.ServiceDefaults.Errors;
using CogniForge.Serving.Models;

namespace CogniForge.Serving.Tracking;

/// <summary>Reads and validates the tags of messages.</summary>
internal static class MlflowTags
{
    /// <summary>Reads tags; the last value of a key counts.</summary>
    /// <exception cref="MlflowException">A tag is not valid, or there are too many.</exception>
    public static IReadOnlyDictionary<string, string> Read(IReadOnlyList<MlflowTag>? tags, int max = 100)
    {
        if (tags?.Count > max)
        {
            throw MlflowException.Invalid($"At most {max} tags or parameters are allowed, got {tags.Count}.");
        }

        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in tags ?? [])
        {
            read[ReadKey(tag.Key)] = ReadValue(tag.Key, tag.Value);
        }

        return read;
    }

    /// <exception cref="MlflowException">The key is missing, too long, or Postgres cannot store it.</exception>
    public static string ReadKey(string? key) =>
        Check("key", MlflowCall.Require(key, "key"), LabelsValidator.MaxTagName);

    /// <exception cref="MlflowException">The value is too long, or Postgres cannot store it.</exception>
    public static string ReadValue(string? key, string? value) =>
        Check($"value of '{key}'", value ?? "", LabelsValidator.MaxTagValue);

    /// <exception cref="MlflowException">The text is too long, or Postgres cannot store it.</exception>
    public static string Check(string what, string text, int max)
    {
        FieldError[] errors = [.. LabelsValidator.ValidateText(what, text, max)];
        return errors.Length == 0 ? text : throw MlflowException.Invalid($"{errors[0].Path} {errors[0].Rule}.");
    }
}
