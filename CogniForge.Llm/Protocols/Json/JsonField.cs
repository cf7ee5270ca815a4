using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Translation;

namespace CogniForge.Llm.Protocols.Json;

/// <summary>
/// A field of a JSON body: its value, and its path for error messages. A null member counts as absent.
/// </summary>
internal readonly struct JsonField
{
    private readonly JsonNode? _container;
    private readonly string? _name;
    private readonly int _index;

    private JsonField(JsonNode? value, JsonNode? container, string? name, int index)
    {
        (Value, _container, _name, _index) = (value, container, name, index);
    }

    /// <summary>Wraps a copy of a client's request body.</summary>
    /// <exception cref="UnsupportedByProviderException">The body is not strict JSON.</exception>
    public static JsonField FromRequest(JsonObject body)
    {
        try
        {
            return FromRequest(StrictJson.Serialize(body));
        }
        catch (JsonException)
        {
            throw new UnsupportedByProviderException("", StrictJson.Rule);
        }
    }

    /// <summary>Reads a client's request, whose bytes are kept and must not change.</summary>
    /// <exception cref="UnsupportedByProviderException">The body is not strict JSON.</exception>
    public static JsonField FromRequest(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            return new(StrictJson.ParseInPlace(utf8), null, "", 0);
        }
        catch (JsonException)
        {
            throw new UnsupportedByProviderException("", StrictJson.Rule);
        }
    }

    /// <summary>
    /// Reads a provider's JSON, and reports invalid fields as the provider's error instead of the client's.
    /// </summary>
    /// <param name="body">The provider's JSON: strict, and owned by the caller.</param>
    /// <param name="read">Reads the body.</param>
    /// <exception cref="JsonException">The body does not follow the protocol.</exception>
    public static T ReadProvider<T>(JsonObject body, Func<JsonField, T> read)
    {
        try
        {
            return read(new(body, null, "", 0));
        }
        catch (UnsupportedByProviderException e)
        {
            throw new JsonException($"The provider's response does not follow its protocol: {e.Message}.", e);
        }
    }

    /// <summary>The value; null if absent.</summary>
    public JsonNode? Value { get; }

    /// <summary>The path, e.g. <c>messages[0].content</c>; empty for the body itself.</summary>
    public string Path =>
        _container switch
        {
            null => _name!,
            JsonArray => $"{GetPath(_container)}[{_index}]",
            _ => Join(GetPath(_container), _name!),
        };

    /// <summary>A member of the object; absent if the object is absent.</summary>
    /// <exception cref="UnsupportedByProviderException">The value is not an object.</exception>
    public JsonField this[string name] =>
        Object() is { } value ? new(value[name], value, name, 0) : new(null, null, Join(Path, name), 0);

    /// <summary>The object's members, without those that are null.</summary>
    /// <exception cref="UnsupportedByProviderException">The value is not an object.</exception>
    public IEnumerable<(string Name, JsonField Field)> Members()
    {
        foreach (var (name, value) in Object() ?? [])
        {
            if (value is not null)
            {
                yield return (name, new(value, value.Parent, name, 0));
            }
        }
    }

    /// <summary>The array's items; none if the array is absent.</summary>
    /// <exception cref="UnsupportedByProviderException">The value is not an array.</exception>
    public IReadOnlyList<JsonField> Items() =>
        Value switch
        {
            null => [],
            JsonArray array => CreateItems(array),
            _ => throw Invalid("must be an array"),
        };

    /// <summary>The object; null if absent.</summary>
    /// <exception cref="UnsupportedByProviderException">The value is not an object.</exception>
    public JsonObject? Object() =>
        Value is null or JsonObject ? (JsonObject?)Value : throw Invalid("must be an object");

    /// <exception cref="UnsupportedByProviderException">The value is absent or not an object.</exception>
    public JsonObject RequiredObject() => Object() ?? throw Invalid("must be an object");

    /// <summary>The text; null if absent.</summary>
    /// <exception cref="UnsupportedByProviderException">The value is not a string.</exception>
    public string? Text() => Value is null || IsText ? Value?.GetValue<string>() : throw Invalid("must be a string");

    /// <exception cref="UnsupportedByProviderException">The value is absent or not a string.</exception>
    public string RequiredText() => Text() ?? throw Invalid("must be a string");

    /// <summary>Copies a text as it was sent: a string would take twice its bytes.</summary>
    /// <exception cref="UnsupportedByProviderException">The value is absent or not a string.</exception>
    public JsonNode RequiredTextNode() => IsText ? Copy()! : throw Invalid("must be a string");

    /// <summary>Whether a text is absent, empty or white space.</summary>
    /// <exception cref="UnsupportedByProviderException">The value is not a string.</exception>
    public bool IsBlank() =>
        !(Value is JsonValue value && value.TryGetValue(out JsonElement text) && HasLetter(text))
        && string.IsNullOrWhiteSpace(Text());

    public bool IsText => Value?.GetValueKind() == JsonValueKind.String;

    /// <summary>Whether the value is <c>true</c>; false if absent.</summary>
    /// <exception cref="UnsupportedByProviderException">The value is not a boolean.</exception>
    public bool IsTrue() =>
        Value?.GetValueKind() switch
        {
            null or JsonValueKind.False => false,
            JsonValueKind.True => true,
            _ => throw Invalid("must be true or false"),
        };

    /// <summary>The integer; null if absent.</summary>
    /// <exception cref="UnsupportedByProviderException">The value is not a 32-bit integer.</exception>
    public int? Int32() =>
        Value switch
        {
            null => null,
            JsonValue value
                when value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<int>(out var number) => number,
            _ => throw Invalid("must be a whole number"),
        };

    /// <summary>Copies the value, so that it can be added to another object.</summary>
    public JsonNode? Copy() => Value?.DeepClone();

    /// <summary>Creates the exception for this field.</summary>
    /// <param name="rule">The rule that the field breaks, e.g. "must be a string".</param>
    public UnsupportedByProviderException Invalid(string rule) => new(Path, rule);

    private static JsonField[] CreateItems(JsonArray array)
    {
        var items = new JsonField[array.Count];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = new(array[i], array, null, i);
        }

        return items;
    }

    /// <summary>Whether a text has a visible character of ASCII that is not part of an escape.</summary>
    private static bool HasLetter(JsonElement text)
    {
        if (text.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        var raw = JsonMarshal.GetRawUtf8Value(text)[1..^1];
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] == '\\')
            {
                i += raw[i + 1] == 'u' ? 5 : 1;
            }
            else if (raw[i] is > (byte)' ' and < 0x7f)
            {
                return true;
            }
        }

        return false;
    }

    private static string GetPath(JsonNode node)
    {
        var path = node.GetPath(); // "$", "$.messages[0]", "$['odd name']"
        return path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path[1..];
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
