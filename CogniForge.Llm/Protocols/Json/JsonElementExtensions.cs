using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace CogniForge.Llm.Protocols.Json;

/// <summary>Reads a provider's JSON, in which any member may be missing or of a kind that nobody expects.</summary>
internal static class JsonElementExtensions
{
    /// <summary>More tokens than any model takes, few enough that sums do not overflow.</summary>
    private const int MaxCount = 100_000_000;

    /// <summary>A member; of kind <see cref="JsonValueKind.Undefined"/> where there is none or <paramref name="element"/> is no object.</summary>
    public static JsonElement Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    /// <summary>Whether there is a value that is not <c>null</c>.</summary>
    public static bool IsPresent(this JsonElement element) =>
        element.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    /// <summary>A member's text; null where it is empty, no string or no valid Unicode.</summary>
    public static string? Text(this JsonElement element, string name) => element.Member(name).Text();

    /// <summary>The text of a string; null where it is empty, something else or no valid Unicode.</summary>
    public static string? Text(this JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return value.GetString() is { Length: > 0 } text ? text : null;
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate or broken UTF-8 is found only here, and there is no Try form of GetString.
            return null;
        }
    }

    /// <summary>A member that counts something, 0 to <see cref="MaxCount"/>; null where it is no number.</summary>
    public static int? Count(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number)
            ? Bounded(number)
            : null;

    /// <summary>A number as a count.</summary>
    public static int Bounded(double number) => (int)Math.Clamp(number, 0, MaxCount);

    /// <summary>The elements of an array; none where it is something else.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : [];

    /// <summary>How many characters a string has; 0 where it is something else.</summary>
    public static int Characters(this JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            return 0;
        }

        // Not by GetString: this is done for every event of a stream. An escape counts as it is written, which is good enough for an estimate.
        return Encoding.UTF8.GetCharCount(JsonMarshal.GetRawUtf8Value(element)) - 2;
    }
}
