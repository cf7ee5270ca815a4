namespace CogniForge.Llm.Protocols;

/// <summary>Length limits for client and provider texts in headers, the request log and metrics.</summary>
internal static class TextLimits
{
    /// <summary>The maximum length, in characters, of a model name and of a provider's short texts.</summary>
    public const int MaxName = 200;

    /// <summary>The maximum length, in characters, of a user or conversation id.</summary>
    public const int MaxUser = 512;

    /// <summary>Whether a text is a valid model name: not empty, not too long, without control characters.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= MaxName
        && !text.AsSpan().ContainsAnyInRange('\0', '\u001f')
        && !text.AsSpan().ContainsAnyInRange('\u007f', '\u009f');

    /// <summary>Truncates a provider's text and replaces NUL characters, which Postgres cannot store.</summary>
    public static string? Truncate(string? text)
    {
        if (text?.Length > MaxName)
        {
            text = text[..(char.IsHighSurrogate(text[MaxName - 1]) ? MaxName - 1 : MaxName)];
        }

        return text?.Replace('\0', ' ');
    }
}
