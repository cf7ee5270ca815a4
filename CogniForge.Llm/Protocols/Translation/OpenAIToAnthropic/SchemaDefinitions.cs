using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Translation.OpenAIToAnthropic;

/// <summary>
/// The definitions of a schema. All copies together take no more bytes than the schema, or few bytes would become many:
/// copies within copies multiply.
/// </summary>
/// <param name="root">The schema.</param>
internal sealed class SchemaDefinitions(JsonObject root)
{
    private const int MaxDepth = StrictJson.MaxDepth - 8; // the request has the schema within other objects

    private long? _left;

    /// <summary>Copies a definition; null: it does not exist, is too large, or would be too deep.</summary>
    /// <param name="reference">Its address, e.g. <c>#/$defs/item</c>.</param>
    /// <param name="depth">How deep the copy will lie in the schema.</param>
    public JsonObject? Copy(string reference, int depth)
    {
        _left ??= GetBytes(root);
        if (
            _left == 0
            || reference.Split('/') is not ["#", ("$defs" or "definitions") and var parent, var name]
            || (root[parent] as JsonObject)?[name] is not JsonObject schema
            || depth + GetDepth(schema) > MaxDepth
        )
        {
            return null;
        }

        // Measured for each copy, because what a definition refers to is merged into it.
        var bytes = GetBytes(schema);
        if (bytes > _left)
        {
            _left = 0;
            return null;
        }

        _left -= bytes;
        return schema.DeepClone().AsObject();
    }

    private static long GetBytes(JsonObject schema) => WireJson.WriteInPieces(schema).Length;

    private static int GetDepth(JsonNode? node) =>
        node switch
        {
            JsonObject parent => 1 + parent.Max(m => (int?)GetDepth(m.Value)) ?? 1,
            JsonArray items => 1 + items.Max(i => (int?)GetDepth(i)) ?? 1,
            _ => 1,
        };
}
