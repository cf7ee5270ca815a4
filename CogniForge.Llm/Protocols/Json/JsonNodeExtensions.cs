using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Translation;

namespace CogniForge.Llm.Protocols.Json;

/// <summary>Reads JSON leniently, or with an error that names the field.</summary>
internal static class JsonNodeExtensions
{
    /// <summary>The text of a string; null if it is not a string or not valid Unicode.</summary>
    public static string? Text(JsonNode? node)
    {
        try
        {
            return node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null; // TryGetValue throws for invalid Unicode
        }
    }

    /// <summary>An integer; null if it is not one.</summary>
    public static long? Number(JsonNode? node) =>
        node switch
        {
            JsonValue value when value.TryGetValue(out long number) => number,
            // A value that was not parsed from text converts to its own type only.
            JsonValue value when value.TryGetValue(out int number) => number,
            _ => null,
        };

    /// <summary>A 32-bit integer; null if it is not one.</summary>
    public static int? Index(JsonNode? node) =>
        Number(node) is { } number and >= int.MinValue and <= int.MaxValue ? (int)number : null;

    /// <summary>The objects in an array; none if it is not an array.</summary>
    public static IEnumerable<JsonObject> Objects(JsonNode? node) =>
        node is JsonArray items ? items.OfType<JsonObject>() : [];

    /// <summary>A request field that must be an object.</summary>
    /// <exception cref="UnsupportedByProviderException">The field is not an object.</exception>
    public static JsonObject Object(JsonNode? node, string path) =>
        node as JsonObject ?? throw new UnsupportedByProviderException(path, "must be an object");

    /// <summary>A request field that must be an array.</summary>
    /// <exception cref="UnsupportedByProviderException">The field is not an array.</exception>
    public static JsonArray Array(JsonNode? node, string path) =>
        node as JsonArray ?? throw new UnsupportedByProviderException(path, "must be an array");

    /// <summary>A request field that must be a string.</summary>
    /// <exception cref="UnsupportedByProviderException">The field is not a string of valid Unicode.</exception>
    public static string Text(JsonNode? node, string path) =>
        Text(node) ?? throw new UnsupportedByProviderException(path, "must be a string of valid Unicode");
}
