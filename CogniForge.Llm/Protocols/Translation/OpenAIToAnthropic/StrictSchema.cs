using System.Collections.Frozen;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Translation.OpenAIToAnthropic;

/// <summary>
/// Fits a schema to Anthropic's structured outputs and strict tools, which close each object and refuse constraints
/// such as <c>minimum</c> (agentjido/req_llm#302). As in Anthropic's SDKs, the description states those instead.
/// </summary>
internal static class StrictSchema
{
    // platform.claude.com/docs/en/build-with-claude/structured-outputs, JSON Schema limitations.
    private static readonly FrozenSet<string> _supported = UnknownMembers.Known(
        "type properties required items enum const anyOf allOf $ref $defs definitions title description default"
    );

    private static readonly FrozenSet<string> _meaningless = UnknownMembers.Known("$schema $id $comment");

    private static readonly FrozenSet<string> _formats = UnknownMembers.Known(
        "date-time time date duration email hostname uri ipv4 ipv6 uuid"
    );

    private static readonly string[] _objects = ["properties", "$defs", "definitions"];
    private static readonly string[] _arrays = ["anyOf", "allOf"];
    private static readonly string[] _ofObjects =
    [
        "properties",
        "additionalProperties",
        "patternProperties",
        "anyOf",
        "allOf",
        "$ref",
        "enum",
        "const",
    ];

    /// <summary>Changes a schema, at most as deep as <see cref="StrictJson.MaxDepth"/>.</summary>
    /// <param name="schema">The schema, which belongs to the caller.</param>
    /// <param name="path">The field that has the schema, in the names of what moves.</param>
    /// <param name="dropped">Receives the constraints that moved to a description, e.g. <c>tools.minimum</c>.</param>
    public static void Fit(JsonObject schema, string path, List<string> dropped) =>
        Fit(schema, new(schema), 0, path, dropped);

    /// <summary>States constraints in the description of a schema.</summary>
    public static void State(JsonObject schema, IEnumerable<string> constraints)
    {
        var stated = $"{{{string.Join(", ", constraints)}}}";
        schema["description"] = schema["description"].Text() is { } text ? $"{text}\n\n{stated}" : stated;
    }

    private static void Fit(JsonObject schema, AllOfMerger merger, int depth, string path, List<string> dropped)
    {
        var references = merger.Merge(schema, depth, out var isMerged);
        if (isMerged)
        {
            dropped.Add($"{path}.allOf");
        }

        if (schema["oneOf"] is JsonArray branches && !schema.ContainsKey("anyOf"))
        {
            schema.Remove("oneOf");
            schema["anyOf"] = branches;
        }

        if (IsObject(schema) && !_ofObjects.Any(schema.ContainsKey))
        {
            schema["additionalProperties"] = true; // the default, which closing it changes
        }

        var moved = new List<string>();
        foreach (var (name, value) in schema.ToList())
        {
            if (_meaningless.Contains(name))
            {
                schema.Remove(name);
            }
            else if (!IsSupported(name, value))
            {
                moved.Add($"{name}: {(value is null ? "null" : WireJson.WriteText(value))}");
                dropped.Add($"{path}.{name}");
                schema.Remove(name);
            }
        }

        if (moved.Count > 0)
        {
            State(schema, moved);
        }

        if (IsObject(schema))
        {
            schema["additionalProperties"] = false;
        }

        foreach (var child in GetChildren(schema))
        {
            Fit(child, merger, depth + 2, path, dropped);
        }

        merger.Close(references);
    }

    private static bool IsSupported(string name, JsonNode? value) =>
        name switch
        {
            "additionalProperties" => value is JsonValue v && v.TryGetValue(out bool isOpen) && !isOpen,
            "format" => _formats.Contains(value.Text() ?? ""),
            "minItems" => value.Int32() is 0 or 1,
            "items" => value is JsonObject,
            "enum" => value is JsonArray values && !values.Any(v => v is JsonObject or JsonArray),
            _ => _supported.Contains(name),
        };

    private static bool IsObject(JsonObject schema) =>
        schema["type"].Text() == "object"
        || (schema["type"] as JsonArray)?.Any(t => t.Text() == "object") == true
        || schema["properties"] is JsonObject;

    private static IEnumerable<JsonObject> GetChildren(JsonObject schema) =>
        _objects
            .SelectMany(name => schema[name] as JsonObject ?? [])
            .Select(m => m.Value)
            .Concat(_arrays.SelectMany(name => schema[name] as JsonArray ?? []))
            .Append(schema["items"])
            .OfType<JsonObject>();
}
