using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Providers.Mock;

/// <summary>JSON that fits a schema, for structured output and the arguments of tools.</summary>
internal sealed class MockJson
{
    private const int Deep = 8;
    private const int MaxDepth = 32;
    private const int MaxValues = 1_000;

    private readonly JsonElement _root;
    private readonly string _said;
    private int _values;

    private MockJson(JsonElement root, string said) => (_root, _said) = (root, said);

    /// <summary>The answer in the form that <c>response_format</c> asks for; null when it asks for text.</summary>
    public static string? Answer(JsonElement body, string said)
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
            return Instance(schema, said)?.ToJsonString(WireJson.Options) ?? "null";
        }

        return type.ValueEquals("json_object") || type.ValueEquals("json_schema")
            ? new JsonObject { ["said"] = said }.ToJsonString(WireJson.Options)
            : null;
    }

    /// <summary>
    /// A value of a schema: texts are what was said, numbers the least that is allowed, lists have one item. Where a schema refers to itself, the value ends after some levels:
    /// with what is required alone, empty lists and the last of alternatives, which is mostly null.
    /// </summary>
    public static JsonNode? Instance(JsonElement schema, string said) => new MockJson(schema, said).Value(schema, 0);

    private JsonNode? Value(JsonElement schema, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > MaxDepth || ++_values > MaxValues)
        {
            return null;
        }

        if (schema.TryGetProperty("$ref", out var reference))
        {
            return Value(Resolve(reference.GetString()!), depth + 1);
        }

        if (schema.TryGetProperty("const", out var constant))
        {
            return JsonNode.Parse(constant.GetRawText());
        }

        if (
            schema.TryGetProperty("enum", out var values)
            && values.ValueKind == JsonValueKind.Array
            && values.GetArrayLength() > 0
        )
        {
            return JsonNode.Parse(values[0].GetRawText());
        }

        foreach (var union in new[] { "anyOf", "oneOf", "allOf" })
        {
            if (
                schema.TryGetProperty(union, out var alternatives)
                && alternatives.ValueKind == JsonValueKind.Array
                && alternatives.GetArrayLength() is > 0 and var count
            )
            {
                return Value(alternatives[depth > Deep ? count - 1 : 0], depth + 1);
            }
        }

        return GetSchemaType(schema) switch
        {
            "string" => _said,
            "integer" or "number" => schema.TryGetProperty("minimum", out var least)
                ? JsonNode.Parse(least.GetRawText())
                : 0,
            "boolean" => true,
            "array" => schema.TryGetProperty("items", out var items) && depth <= Deep
                ? new JsonArray(Value(items, depth + 1))
                : new JsonArray(),
            "null" => null,
            _ => Object(schema, depth),
        };
    }

    private JsonObject Object(JsonElement schema, int depth)
    {
        var instance = new JsonObject();
        if (schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object)
        {
            var required =
                depth > Deep
                && schema.TryGetProperty("required", out var names)
                && names.ValueKind == JsonValueKind.Array
                    ? names.EnumerateArray().Select(n => n.ToString()).ToHashSet()
                    : [];
            foreach (
                var property in properties.EnumerateObject().Where(p => depth <= Deep || required.Contains(p.Name))
            )
            {
                instance[property.Name] = Value(property.Value, depth + 1);
            }
        }

        return instance;
    }

    /// <summary>What a reference within the schema (<c>#/$defs/Place</c>, RFC 6901) names; undefined where it names nothing.</summary>
    private JsonElement Resolve(string reference)
    {
        var found = reference.StartsWith('#') ? _root : default;
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
