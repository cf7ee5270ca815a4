using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace CogniForge.Llm.Providers.Mock;

/// <summary>Reads the text of a message, which may have megabytes, without a copy of all of it.</summary>
internal static class MockText
{
    private const int MaxBytesPerCharacter = 3;

    /// <summary>Counts the characters (UTF-16) of a message's text.</summary>
    public static int CountCharacters(JsonElement message) => GetTexts(message).Sum(CountOne);

    /// <summary>Reads the text of a message, of a long text at least the first characters.</summary>
    public static string Read(JsonElement message, int maxCharacters) =>
        string.Concat(GetTexts(message).Select(t => ReadOne(t, maxCharacters)));

    private static IEnumerable<JsonElement> GetTexts(JsonElement message)
    {
        if (!message.TryGetProperty("content", out var content))
        {
            return [];
        }

        return content.ValueKind switch
        {
            JsonValueKind.String => [content],
            JsonValueKind.Array => content
                .EnumerateArray()
                .Where(p => p.ValueKind == JsonValueKind.Object && p.TryGetProperty("text", out _))
                .Select(p => p.GetProperty("text"))
                .Where(t => t.ValueKind == JsonValueKind.String),
            _ => [],
        };
    }

    private static int CountOne(JsonElement text)
    {
        var utf8 = JsonMarshal.GetRawUtf8Value(text)[1..^1];
        return utf8.Contains((byte)'\\') ? text.GetString()!.Length : Encoding.UTF8.GetCharCount(utf8);
    }

    private static string ReadOne(JsonElement text, int maxCharacters)
    {
        var utf8 = JsonMarshal.GetRawUtf8Value(text)[1..^1];
        var maxBytes = maxCharacters * MaxBytesPerCharacter;
        if (utf8.Length <= maxBytes || utf8.Contains((byte)'\\'))
        {
            return text.GetString()!;
        }

        while ((utf8[maxBytes] & 0xC0) == 0x80)
        {
            maxBytes--; // not inside a character
        }

        return Encoding.UTF8.GetString(utf8[..maxBytes]);
    }
}
