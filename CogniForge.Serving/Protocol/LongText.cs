using System.Text.Json;

namespace CogniForge.Serving.Protocol;

/// <summary>Writes texts of any length as JSON in bounded memory.</summary>
internal static class LongText
{
    // The writer takes 18 times as much for a text that needs an escape.
    private const int MaxPiece = 16 * 1024;

    /// <summary>Writes texts as elements of an array.</summary>
    /// <param name="json">The writer.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="flushAsync">Sends what was written, after at most a piece.</param>
    public static async ValueTask WriteElementsAsync(
        Utf8JsonWriter json,
        ReadOnlyMemory<string> texts,
        Func<ValueTask> flushAsync
    )
    {
        var start = 0;
        while (start < texts.Length)
        {
            start += WriteShort(json, texts.Span[start..]);
            await flushAsync();
            if (start < texts.Length && texts.Span[start].Length > MaxPiece)
            {
                await WriteAsync(json, texts.Span[start++], flushAsync);
            }
        }
    }

    // As many texts as make a piece.
    private static int WriteShort(Utf8JsonWriter json, ReadOnlySpan<string> texts)
    {
        var (written, length) = (0, 0);
        foreach (var text in texts)
        {
            length += text.Length + 1;
            if (length > MaxPiece + 1)
            {
                break;
            }

            json.WriteStringValue(text);
            written++;
        }

        return written;
    }

    /// <summary>Writes a text, a long one piece by piece.</summary>
    /// <param name="json">The writer.</param>
    /// <param name="text">The text.</param>
    /// <param name="flushAsync">Sends what was written, after each piece.</param>
    public static async ValueTask WriteAsync(Utf8JsonWriter json, string text, Func<ValueTask> flushAsync)
    {
        if (text.Length <= MaxPiece)
        {
            json.WriteStringValue(text);
            await flushAsync();
            return;
        }

        for (var start = 0; start < text.Length; start += MaxPiece)
        {
            var length = Math.Min(MaxPiece, text.Length - start);
            json.WriteStringValueSegment(text.AsSpan(start, length), isFinalSegment: start + length == text.Length);
            await flushAsync();
        }
    }
}
