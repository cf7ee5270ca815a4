using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Domain.Protocols;

namespace CogniForge.Llm.Infrastructure.Mock;

/// <summary>JSON that fits a schema, for structured output and the arguments of tools.</summary>
internal static class MockJson
{
    private const int MaxDepth = 16;

    /// <summary>The answer in the form that <c>response_format</c> asks for; null when it asks for text.</summary>
    public static string? Answer(JsonElement body, string said)
    {
        if (!body.TryGetProperty("response_format", out var format) || format.ValueKind != JsonValueKind.Object || !format.TryGetProperty("type", out var type))
        {
            return null;
        }

        if (type.ValueEquals("json_schema") && format.TryGetProperty("json_schema", out var named) && named.ValueKind == JsonValueKind.Object && named.TryGetProperty("schema", out var schema))
        {
            return Instance(schema, said)?.ToJsonString(WireJson.Options) ?? "null";
        }

        return type.ValueEquals("json_object") || type.ValueEquals("json_schema") ? new JsonObject { ["said"] = said }.ToJsonString(WireJson.Options) : null;
    }

    /// <summary>A value of a schema: texts are what was said, numbers the least that is allowed, lists have one item.</summary>
    public static JsonNode? Instance(JsonElement schema, string said, int depth = 0)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > MaxDepth)
        {
            return null;
        }

        if (schema.TryGetProperty("const", out var constant))
        {
            return JsonNode.Parse(constant.GetRawText());
        }

        if (schema.TryGetProperty("enum", out var values) && values.ValueKind == JsonValueKind.Array && values.GetArrayLength() > 0)
        {
            return JsonNode.Parse(values[0].GetRawText());
        }

        foreach (var union in new[] { "anyOf", "oneOf", "allOf" })
        {
            if (schema.TryGetProperty(union, out var alternatives) && alternatives.ValueKind == JsonValueKind.Array && alternatives.GetArrayLength() > 0)
            {
                return Instance(alternatives[0], said, depth + 1);
            }
        }

        return TypeOf(schema) switch
        {
            "string" => said,
            "integer" or "number" => schema.TryGetProperty("minimum", out var least) ? JsonNode.Parse(least.GetRawText()) : 0,
            "boolean" => true,
            "array" => schema.TryGetProperty("items", out var items) ? new JsonArray(Instance(items, said, depth + 1)) : new JsonArray(),
            "null" => null,
            _ => Object(schema, said, depth),
        };
    }

    private static JsonObject Object(JsonElement schema, string said, int depth)
    {
        var instance = new JsonObject();
        if (schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in properties.EnumerateObject())
            {
                instance[property.Name] = Instance(property.Value, said, depth + 1);
            }
        }

        return instance;
    }

    private static string? TypeOf(JsonElement schema)
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
