using System.Text.RegularExpressions;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.Serving.Models;

namespace CogniForge.Serving.Tracking;

/// <summary>Reads and validates the tags of messages.</summary>
internal static partial class MlflowTags
{
    private const int MaxCount = 100;

    // Of runs, in mlflow/utils/validation.py. MLflow truncates longer ones.
    private const int MaxRunTag = 8_000;
    private const int MaxParameter = 6_000;

    /// <summary>Reads tags; the last value of a key counts.</summary>
    /// <exception cref="MlflowException">A tag is not valid, or there are too many.</exception>
    public static IReadOnlyDictionary<string, string> Read(IReadOnlyList<MlflowTag>? tags) =>
        Read(tags, LabelsValidator.MaxTagValue);

    /// <summary>Reads the tags of a run; a long value is truncated.</summary>
    /// <exception cref="MlflowException">A tag is not valid, or there are too many.</exception>
    public static IReadOnlyDictionary<string, string> ReadOfRun(IReadOnlyList<MlflowTag>? tags) =>
        Read(Truncate(tags, MaxRunTag), MaxRunTag);

    /// <summary>Reads the parameters of a run; a long value is truncated.</summary>
    /// <exception cref="MlflowException">A parameter is not valid, or there are too many.</exception>
    public static IReadOnlyDictionary<string, string> ReadParameters(IReadOnlyList<MlflowTag>? parameters) =>
        Read(Truncate(parameters, MaxParameter), MaxParameter);

    /// <summary>Reads the name of a new tag, parameter or metric, which may become a file's.</summary>
    /// <exception cref="MlflowException">It breaks the rules of <c>mlflow/utils/validation.py</c>.</exception>
    public static string ReadNewKey(string? key)
    {
        var read = ReadKey(key);
        return Name().IsMatch(read) && read.Split('/').All(part => part is not ("" or "." or ".."))
            ? read
            : throw MlflowException.Invalid(
                $"Invalid name '{read}': it must have only letters, digits, spaces and _ - . : /, and no part between "
                    + "slashes may be empty, '.' or '..'."
            );
    }

    /// <exception cref="MlflowException">The key is missing, too long, or Postgres cannot store it.</exception>
    public static string ReadKey(string? key) =>
        Check("key", MlflowCall.Require(key, "key"), LabelsValidator.MaxTagName);

    /// <exception cref="MlflowException">The value is too long, or Postgres cannot store it.</exception>
    public static string ReadValue(string? key, string? value, int max = LabelsValidator.MaxTagValue) =>
        Check($"value of '{key}'", value ?? "", max);

    /// <exception cref="MlflowException">The text is too long, or Postgres cannot store it.</exception>
    public static string Check(string what, string text, int max)
    {
        FieldError[] errors = [.. LabelsValidator.ValidateText(what, text, max)];
        return errors.Length == 0 ? text : throw MlflowException.Invalid($"{errors[0].Path} {errors[0].Rule}.");
    }

    private static Dictionary<string, string> Read(IReadOnlyList<MlflowTag>? tags, int maxValue)
    {
        if (tags?.Count > MaxCount)
        {
            throw MlflowException.Invalid($"At most {MaxCount} tags or parameters are allowed, got {tags.Count}.");
        }

        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in tags ?? [])
        {
            read[ReadNewKey(tag.Key)] = ReadValue(tag.Key, tag.Value, maxValue);
        }

        return read;
    }

    private static IReadOnlyList<MlflowTag>? Truncate(IReadOnlyList<MlflowTag>? tags, int max) =>
        tags?.Any(t => t.Value?.Length > max) == true
            ? [.. tags.Select(t => t.Value?.Length > max ? t with { Value = Cut(t.Value, max) } : t)]
            : tags;

    private static string Cut(string text, int max) =>
        text[..(char.IsHighSurrogate(text[max - 1]) ? max - 1 : max)];

    [GeneratedRegex(@"^[/\w.\- :]+\z")]
    private static partial Regex Name();
}
