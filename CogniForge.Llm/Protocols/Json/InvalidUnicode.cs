using System.Text.Json;
using System.Text.Unicode;

namespace CogniForge.Llm.Protocols.Json;

/// <summary>
/// Handles lone surrogates and invalid UTF-8, which .NET detects only when it reads a string or compares a name. It
/// then throws <see cref="InvalidOperationException"/>, and its methods have no Try variants.
/// </summary>
internal static class InvalidUnicode
{
    /// <summary>The rule that an object with an invalid member name breaks.</summary>
    public const string NamesRule = "must have member names of valid Unicode";

    /// <summary>The rule that an invalid or empty string breaks.</summary>
    public const string StringRule = "must be a string of valid Unicode that is not empty";

    /// <summary>Whether raw JSON is valid: an exception for each of 100,000 names would take seconds.</summary>
    public static bool IsValid(ReadOnlySpan<byte> json) => Utf8.IsValid(json) && SurrogateRepair.IsValid(json);

    /// <exception cref="JsonException">The JSON contains invalid Unicode.</exception>
    public static TResult Throw<TSource, TResult>(TSource source, Func<TSource, TResult> read)
    {
        try
        {
            return read(source);
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("The JSON contains invalid Unicode.", e);
        }
    }

    /// <returns>The text; null if it is invalid Unicode.</returns>
    public static string? Ignore<TSource>(TSource source, Func<TSource, string?> read)
    {
        try
        {
            return read(source);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
