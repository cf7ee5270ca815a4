using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Translation.OpenAIToAnthropic;

/// <summary>The definitions of a schema, of which a limited number of copies can be made.</summary>
/// <param name="root">The schema.</param>
internal sealed class SchemaDefinitions(JsonObject root)
{
    private const int MaxCopied = 20_000; // values of all copies; more would make few bytes many
    private const int MaxDepth = StrictJson.MaxDepth - 8; // the request has the schema within other objects

    private readonly Dictionary<string, (JsonObject? Schema, int Size, int Depth)> _found = [];
    private int _copied;

    /// <summary>Copies a definition; null: it does not exist, is too large, or would be too deep.</summary>
    /// <param name="reference">Its address, e.g. <c>#/$defs/item</c>.</param>
    /// <param name="depth">How deep the copy will lie in the schema.</param>
    public JsonObject? Copy(string reference, int depth)
    {
        if (!_found.TryGetValue(reference, out var definition))
        {
            var (size, deepest) = (0, 0);
            var schema =
                reference.Split('/') is ["#", ("$defs" or "definitions") and var parent, var name]
                    ? (root[parent] as JsonObject)?[name] as JsonObject
                    : null;
            Measure(schema, 1, ref size, ref deepest);
            _found[reference] = definition = (schema, size, deepest);
        }

        if (_copied + definition.Size > MaxCopied || depth + definition.Depth > MaxDepth)
        {
            return null;
        }

        _copied += definition.Size;
        return definition.Schema?.DeepClone().AsObject();
    }

    private static void Measure(JsonNode? node, int depth, ref int size, ref int deepest)
    {
        size++;
        deepest = Math.Max(deepest, depth);
        var children = node switch
        {
            JsonObject parent => parent.Select(m => m.Value),
            JsonArray items => items,
            _ => [],
        };
        foreach (var child in children)
        {
            Measure(child, depth + 1, ref size, ref deepest);
        }
    }
}
