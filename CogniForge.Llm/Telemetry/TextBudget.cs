namespace CogniForge.Llm.Telemetry;

/// <summary>Bounds the texts of one attribute of a span; each part adds a fixed overhead.</summary>
internal sealed class TextBudget
{
    /// <summary>The maximum number of characters of an attribute.</summary>
    public const int MaxCharacters = 64 * 1024;

    private const int CharactersPerPart = 64;
    private const int MaxNameCharacters = 256;
    private const string TruncationMark = "… [cut]";

    private int _remaining = MaxCharacters;

    /// <summary>Whether a text was cut; none are left then.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>Truncates a text to the remaining characters.</summary>
    public string Truncate(string? text)
    {
        text ??= "";
        _remaining -= CharactersPerPart;
        if (text.Length <= _remaining)
        {
            _remaining -= text.Length;
            return text;
        }

        var end = Math.Max(0, _remaining);
        (_remaining, IsTruncated) = (0, true);
        return Cut(text, end);
    }

    /// <summary>Truncates an identifier; only malicious ones are that long.</summary>
    public static string? TruncateName(string? text) =>
        text?.Length > MaxNameCharacters ? Cut(text, MaxNameCharacters) : text;

    private static string Cut(string text, int end) =>
        text[..(end > 0 && char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)] + TruncationMark;
}
