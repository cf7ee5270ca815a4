using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CogniForge.Llm.Protocols.Json;

/// <summary>Reads a provider's JSON leniently: any member may be missing or of an unexpected kind.</summary>
internal static class JsonExtensions
{
    /// <summary>Above any model's context length, and small enough that sums do not overflow.</summary>
    private const int MaxCount = 100_000_000;

    /// <summary>
    /// The member; of kind <see cref="JsonValueKind.Undefined"/> if absent or if <paramref name="element"/> is not an
    /// object.
    /// </summary>
    public static JsonElement Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    /// <summary>The first of several members that is present.</summary>
    public static JsonElement Member(this JsonElement element, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (element.Member(name) is var value && value.IsPresent())
            {
                return value;
            }
        }

        return default;
    }

    /// <summary>
    /// The values of all members with a name, which a client may repeat; none if <paramref name="element"/> is not an
    /// object.
    /// </summary>
    public static IEnumerable<JsonElement> Members(this JsonElement element, string name)
    {
        return element.ValueKind == JsonValueKind.Object ? Enumerate(element, name) : [];

        // As a query, it would allocate four times as much, on each request's way.
        static IEnumerable<JsonElement> Enumerate(JsonElement element, string name)
        {
            foreach (var member in element.EnumerateObject())
            {
                if (member.IsNamed(name))
                {
                    yield return member.Value;
                }
            }
        }
    }

    /// <summary>Whether a text may occur, perhaps by escapes; false saves a search of all members.</summary>
    public static bool MayContain(this JsonElement element, ReadOnlySpan<byte> text)
    {
        var raw = JsonMarshal.GetRawUtf8Value(element);
        return raw.IndexOf(text) >= 0 || raw.IndexOf("\\u"u8) >= 0;
    }

    /// <summary>Whether a member has a name, which may be written with escapes; false if it is invalid.</summary>
    public static bool IsNamed(this JsonProperty member, string name) =>
        JsonMarshal.GetRawUtf8PropertyName(member).Contains((byte)'\\')
            ? member.ValidName() == name
            : member.NameEquals(name);

    /// <summary>The member's name; empty if it is not valid Unicode.</summary>
    public static string ValidName(this JsonProperty member) =>
        InvalidUnicode.IsValid(JsonMarshal.GetRawUtf8PropertyName(member)) ? member.Name : "";

    /// <summary>Whether the value is neither absent nor <c>null</c>.</summary>
    public static bool IsPresent(this JsonElement element) =>
        element.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    /// <summary>A member's text; null if it is empty, not a string or not valid Unicode.</summary>
    public static string? Text(this JsonElement element, string name) => element.Member(name).Text();

    /// <summary>The text of a string; null if it is empty, not a string or not valid Unicode.</summary>
    public static string? Text(this JsonElement value) =>
        value.ValidText() is { Length: > 0 } text ? text : null;

    /// <summary>The text of a string; null if it is not a string or not valid Unicode.</summary>
    public static string? ValidText(this JsonElement value) =>
        value.ValueKind == JsonValueKind.String && InvalidUnicode.IsValid(JsonMarshal.GetRawUtf8Value(value))
            ? value.GetString()
            : null;

    /// <summary>The text of a string; null if it is empty, not a string or not valid Unicode.</summary>
    public static string? Text(this JsonNode? node) =>
        node is JsonValue value
        && InvalidUnicode.Ignore(value, static v => v.TryGetValue(out string? text) ? text : null)
            is { Length: > 0 } text
            ? text
            : null;

    /// <summary>An integer; null if it is not one.</summary>
    public static long? Int64(this JsonNode? node) =>
        node switch
        {
            JsonValue value when value.TryGetValue(out long number) => number,
            // A value that was not parsed from text converts to its own type only.
            JsonValue value when value.TryGetValue(out int number) => number,
            _ => null,
        };

    /// <summary>A 32-bit integer; null if it is not one.</summary>
    public static int? Int32(this JsonNode? node) =>
        node.Int64() is { } number and >= int.MinValue and <= int.MaxValue ? (int)number : null;

    /// <summary>
    /// A member as a count, also from a text; null if it is none. What is negative or exceeds <see cref="MaxCount"/> is
    /// a fault of the provider and no count.
    /// </summary>
    public static int? Count(this JsonElement element, string name)
    {
        var value = element.Member(name);
        double? number = value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetDouble(out var given) => given,
            JsonValueKind.String
                when double.TryParse(
                    value.Text(),
                    NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out var given
                ) => given,
            _ => null,
        };
        return number is >= 0 and <= MaxCount ? (int)number : null;
    }

    /// <summary>A member as a decimal of 0 or more, also from a text; null if it is none.</summary>
    public static decimal? Decimal(this JsonElement element, string name)
    {
        var value = element.Member(name);
        decimal? number = value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetDecimal(out var given) => given,
            JsonValueKind.String
                when decimal.TryParse(
                    value.Text(),
                    NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
                    CultureInfo.InvariantCulture,
                    out var given
                ) => given,
            _ => null,
        };
        return number >= 0 ? number : null;
    }

    /// <summary>Rounds a number down and clamps it to 0 to <see cref="MaxCount"/>.</summary>
    public static int Bounded(double number) => (int)Math.Clamp(number, 0, MaxCount);

    /// <summary>Whether a value differs from the default that most fields have.</summary>
    public static bool HasEffect(this JsonNode? value) =>
        value?.GetValueKind() switch
        {
            null or JsonValueKind.Null or JsonValueKind.False => false,
            JsonValueKind.Number => value.ToJsonString() is not ("0" or "0.0"),
            JsonValueKind.Array => value.AsArray().Count > 0,
            JsonValueKind.Object => value.AsObject().Count > 0,
            _ => true,
        };

    /// <summary>Sets a member by its path, such as <c>reasoning.effort</c>; adds the objects on the way.</summary>
    public static void Set(this JsonObject node, string path, JsonElement value)
    {
        if (path.Split('.', 2) is [var name, var rest])
        {
            if (node[name] is not JsonObject child)
            {
                node[name] = child = [];
            }

            child.Set(rest, value);
        }
        else
        {
            node[path] = JsonSerializer.SerializeToNode(value);
        }
    }

    /// <summary>The elements of an array; none if it is not an array.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : [];

    /// <summary>The objects in an array; none if it is not an array.</summary>
    public static IEnumerable<JsonObject> Objects(this JsonNode? node) =>
        node is JsonArray items ? items.OfType<JsonObject>() : [];
}
