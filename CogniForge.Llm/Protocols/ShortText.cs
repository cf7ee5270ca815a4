namespace CogniForge.Llm.Protocols;

/// <summary>Bounds of what clients and providers say that goes into headers, records and metrics.</summary>
internal static class ShortText
{
    /// <summary>The most characters of a model's name, and of a word of a provider.</summary>
    public const int MaxName = 200;

    /// <summary>The most characters of what names a user or a conversation.</summary>
    public const int MaxUser = 512;

    /// <summary>Whether a client may ask for a model of this name: no control character is in it.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= MaxName
        && !text.AsSpan().ContainsAnyInRange('\0', '\u001f')
        && !text.AsSpan().ContainsAnyInRange('\u007f', '\u009f');

    /// <summary>What is kept of a provider's word: its beginning, as Postgres can store it.</summary>
    public static string? Truncate(string? text)
    {
        if (text?.Length > MaxName)
        {
            text = text[..(char.IsHighSurrogate(text[MaxName - 1]) ? MaxName - 1 : MaxName)];
        }

        return text?.Replace('\0', ' ');
    }
}
