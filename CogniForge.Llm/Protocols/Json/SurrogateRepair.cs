using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace CogniForge.Llm.Protocols.Json;

/// <summary>
/// Repairs invalid Unicode in a provider's JSON, because a single emoji must not end a response. Servers that cut text
/// by UTF-16 units split a surrogate pair over two events: the first half waits for the second. Other lone halves
/// become U+FFFD, as does invalid UTF-8. Not thread-safe.
/// </summary>
/// <param name="isStream">Whether another event may complete the last half.</param>
internal sealed class SurrogateRepair(bool isStream)
{
    private const int EscapeLength = 6; // \uXXXX
    private static ReadOnlySpan<byte> Replacement => "\\ufffd"u8;
    private byte[]? _high;

    /// <summary>Repairs a complete response.</summary>
    public static ReadOnlyMemory<byte> RepairWhole(ReadOnlyMemory<byte> json) =>
        new SurrogateRepair(false).Repair(json);

    /// <summary>Repairs the events of a stream.</summary>
    public static async IAsyncEnumerable<SseEvent> RepairAsync(IAsyncEnumerable<SseEvent> events)
    {
        var repair = new SurrogateRepair(true);
        await foreach (var item in events)
        {
            yield return item with
            {
                Data = repair.Repair(item.Data),
            };
        }
    }

    /// <summary>Repairs the JSON of a response or event; returns it unchanged if it is valid.</summary>
    public ReadOnlyMemory<byte> Repair(ReadOnlyMemory<byte> json)
    {
        if (!Utf8.IsValid(json.Span))
        {
            json = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json.Span));
        }

        var isValid = json.Span.IndexOf("\\ud"u8) < 0 && json.Span.IndexOf("\\uD"u8) < 0;
        return isValid ? json : RepairEscapes(json.Span);
    }

    /// <summary>Whether the escapes in JSON have no lone halves of surrogate pairs.</summary>
    public static bool IsValid(ReadOnlySpan<byte> json)
    {
        while (json.IndexOf((byte)'\\') is >= 0 and var escape)
        {
            json = json[escape..];
            var length = EscapeLength;
            if (ParseUnit(json) is not { } unit)
            {
                length = Math.Min(json.Length, 2);
            }
            else if (char.IsSurrogate(unit))
            {
                length = 2 * EscapeLength;
                if (
                    !char.IsHighSurrogate(unit)
                    || ParseUnit(json[EscapeLength..]) is not { } next
                    || !char.IsLowSurrogate(next)
                )
                {
                    return false;
                }
            }

            json = json[length..];
        }

        return true;
    }

    private ReadOnlyMemory<byte> RepairEscapes(ReadOnlySpan<byte> json)
    {
        var result = new ArrayBufferWriter<byte>(json.Length + EscapeLength);
        while (json.IndexOf((byte)'\\') is >= 0 and var escape)
        {
            result.Write(json[..escape]);
            json = json[escape..];
            var length = Math.Min(json.Length, ParseUnit(json) is null ? 2 : EscapeLength);
            if (ParseUnit(json) is not { } unit || !char.IsSurrogate(unit))
            {
                result.Write(json[..length]);
            }
            else if (char.IsHighSurrogate(unit))
            {
                length = WriteHigh(json, result);
            }
            else
            {
                result.Write(_high);
                result.Write(_high is null ? Replacement : json[..length]);
                _high = null;
            }

            json = json[length..];
        }

        result.Write(json);
        return result.WrittenMemory;
    }

    /// <summary>Writes a pair, or keeps a lone first half.</summary>
    /// <returns>The length of what was read.</returns>
    private int WriteHigh(ReadOnlySpan<byte> json, ArrayBufferWriter<byte> result)
    {
        if (ParseUnit(json[EscapeLength..]) is { } next && char.IsLowSurrogate(next))
        {
            result.Write(json[..(2 * EscapeLength)]);
            return 2 * EscapeLength;
        }

        _high = isStream ? json[..EscapeLength].ToArray() : null;
        result.Write(isStream ? default : Replacement);
        return EscapeLength;
    }

    /// <summary>The UTF-16 unit of an escape at the beginning; null: there is none.</summary>
    private static char? ParseUnit(ReadOnlySpan<byte> json) =>
        json.Length >= EscapeLength
        && json.StartsWith("\\u"u8)
        && ushort.TryParse(
            json[2..EscapeLength],
            NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture,
            out var unit
        )
            ? (char)unit
            : null;
}
