using System.Text.Json;

namespace CogniForge.Llm.Protocols.Translation;

/// <summary>
/// Bounds what translators keep of a stream until its end. The gateway bounds the text itself; these are the parts that
/// it does not count.
/// </summary>
internal static class StreamBounds
{
    /// <summary>The messages, calls and other parts of a stream; models send hundreds. Each takes 1 to 2 KB.</summary>
    public const int MaxParts = 10_000;

    /// <summary>The characters of one joined detail, which repeats the reasoning.</summary>
    public const int MaxDetailCharacters = 8 * 1024 * 1024;

    /// <exception cref="JsonException">A detail is too long.</exception>
    public static void CheckDetail(int characters)
    {
        if (characters > MaxDetailCharacters)
        {
            throw new JsonException($"A detail of the stream has over {MaxDetailCharacters} characters.");
        }
    }

    /// <exception cref="JsonException">The stream has too many parts.</exception>
    public static void CheckParts(int count)
    {
        if (count > MaxParts)
        {
            throw new JsonException($"The stream has over {MaxParts} parts.");
        }
    }
}
