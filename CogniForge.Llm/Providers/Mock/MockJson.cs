using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Providers.Mock;

/// <summary>Creates JSON that matches a schema, for structured outputs and tool arguments.</summary>
internal sealed class MockJson
{
    // Below this depth only required properties are written, so that recursive schemas end.
    private const int MaxOptionalDepth = 8;
    private const int MaxDepth = 32;
    private const int MaxValues = 1_000;
    private const int MaxCharacters = 131_072;
    private const int MaxReference = 1_024;
    private const int MaxSchemaBytes = 65_536;

    private readonly JsonElement _root;
    private readonly string _text;
    private int _valuesLeft;
    private int _charactersLeft;

    private MockJson(JsonElement root, string text, int maxCharacters, int maxValues) =>
        (_root, _text, _charactersLeft, _valuesLeft) = (root, text, maxCharacters, maxValues);

    /// <summary>Validates the size of a schema, each value of which takes a search; null if it is valid.</summary>
    public static string? Validate(string path, JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object && JsonMarshal.GetRawUtf8Value(schema).Length > MaxSchemaBytes
            ? $"{path} must have at most {MaxSchemaBytes} bytes"
            : null;

    /// <summary>Creates the content in the format of <c>response_format</c>; null if that is text.</summary>
    public static string? CreateContent(JsonElement body, string text, int maxCharacters = MaxCharacters)
    {
        if (
            !body.TryGetProperty("response_format", out var format)
            || format.ValueKind != JsonValueKind.Object
            || !format.TryGetProperty("type", out var type)
        )
        {
            return null;
        }

        if (
            type.ValueEquals("json_schema")
            && format.TryGetProperty("json_schema", out var named)
            && named.ValueKind == JsonValueKind.Object
            && named.TryGetProperty("schema", out var schema)
        )
        {
            return CreateInstance(schema, text, maxCharacters)?.ToJsonString(WireJson.Options) ?? "null";
        }

        return type.ValueEquals("json_object") || type.ValueEquals("json_schema")
            ? new JsonObject { ["said"] = text }.ToJsonString(WireJson.Options)
            : null;
    }

    /// <summary>
    /// Creates a value of a schema: strings are <paramref name="text"/>, numbers the minimum, and arrays have one item,
    /// unless the schema requires more.
    /// Recursive schemas end in required properties, empty arrays and the last alternative, which is usually null.
    /// Beyond <paramref name="maxCharacters"/>, and beyond 1,000 values of all <paramref name="instances"/>, values are
    /// null and properties are absent.
    /// </summary>
    public static JsonNode? CreateInstance(
        JsonElement schema,
        string text,
        int maxCharacters = MaxCharacters,
        int instances = 1
    ) => new MockJson(schema, text, maxCharacters, MaxValues / instances).Value(schema, 0);

    private JsonNode? Value(JsonElement schema, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > MaxDepth || --_valuesLeft < 0)
        {
            return null;
        }

        if (schema.TryGetProperty("$ref", out var reference))
        {
            return Value(Resolve(reference.GetString()!), depth + 1);
        }

        if (schema.TryGetProperty("const", out var constant))
        {
            return Copy(constant);
        }

        if (
            schema.TryGetProperty("enum", out var values)
            && values.ValueKind == JsonValueKind.Array
            && values.GetArrayLength() > 0
        )
        {
            return Copy(values[0]);
        }

        foreach (var union in new[] { "anyOf", "oneOf", "allOf" })
        {
            if (
                schema.TryGetProperty(union, out var alternatives)
                && alternatives.ValueKind == JsonValueKind.Array
                && alternatives.GetArrayLength() is > 0 and var count
            )
            {
                return Value(alternatives[depth > MaxOptionalDepth ? count - 1 : 0], depth + 1);
            }
        }

        return GetSchemaType(schema) switch
        {
            "string" => Text(schema),
            "integer" or "number" => schema.TryGetProperty("minimum", out var minimum)
                ? Copy(minimum)
                : 0,
            "boolean" => true,
            "array" => schema.TryGetProperty("items", out var items) && depth <= MaxOptionalDepth
                ? Array(schema, items, depth)
                : new JsonArray(),
            "null" => null,
            _ => Object(schema, depth),
        };
    }

    /// <summary>The text, repeated or cut as <c>minLength</c> and <c>maxLength</c> require.</summary>
    private string? Text(JsonElement schema)
    {
        var (min, max) = (GetCount(schema, "minLength", 0), GetCount(schema, "maxLength", MaxCharacters));
        if (!Spend(Math.Max(min, Math.Min(_text.Length, max))))
        {
            return null;
        }

        var text = _text.Length == 0 ? "-" : _text;
        return text.Length < min
            ? string.Concat(Enumerable.Repeat(text, (min / text.Length) + 1))[..min]
            : _text[..Math.Min(_text.Length, max)];
    }

    private JsonArray Array(JsonElement schema, JsonElement items, int depth)
    {
        var count = Math.Min(GetCount(schema, "minItems", 1), GetCount(schema, "maxItems", int.MaxValue));
        var array = new JsonArray();
        for (var i = 0; i < Math.Min(count, MaxValues) && _valuesLeft > 0; i++)
        {
            array.Add(Value(items, depth + 1));
        }

        return array;
    }

    private static int GetCount(JsonElement schema, string name, int defaultValue) =>
        schema.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt32(out var count)
        && count >= 0
            ? count
            : defaultValue;

    private JsonObject Object(JsonElement schema, int depth)
    {
        var instance = new JsonObject();
        if (schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object)
        {
            var required =
                depth > MaxOptionalDepth
                && schema.TryGetProperty("required", out var names)
                && names.ValueKind == JsonValueKind.Array
                    ? names.EnumerateArray().Select(n => n.ToString()).ToHashSet()
                    : [];
            foreach (
                var property in properties
                    .EnumerateObject()
                    .Where(p => depth <= MaxOptionalDepth || required.Contains(p.Name))
                    .TakeWhile(p => Spend(p.Name.Length))
            )
            {
                instance[property.Name] = Value(property.Value, depth + 1);
            }
        }

        return instance;
    }

    private JsonNode? Copy(JsonElement value)
    {
        var raw = value.GetRawText();
        return Spend(raw.Length) ? JsonNode.Parse(raw) : null;
    }

    // A schema can name a long value many times.
    private bool Spend(int characters)
    {
        _charactersLeft -= Math.Min(characters, _charactersLeft + 1);
        return _charactersLeft >= 0;
    }

    /// <summary>
    /// Resolves a reference within the schema (<c>#/$defs/Place</c>, RFC 6901); undefined if it does not exist.
    /// </summary>
    private JsonElement Resolve(string reference)
    {
        var found = reference.StartsWith('#') && reference.Length <= MaxReference ? _root : default;
        foreach (
            var name in reference
                .Split('/')
                .Skip(1)
                .Select(n =>
                    n.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)
                )
        )
        {
            found =
                found.ValueKind == JsonValueKind.Object && found.TryGetProperty(name, out var member)
                    ? member
                    : default;
        }

        return found;
    }

    private static string? GetSchemaType(JsonElement schema)
    {
        if (!schema.TryGetProperty("type", out var type))
        {
            return null;
        }

        return type.ValueKind switch
        {
            JsonValueKind.String => type.GetString(),
            JsonValueKind.Array when type.GetArrayLength() > 0 => type[0].ToString(),
            _ => null,
        };
    }
}
