using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Translation;

namespace CogniForge.Llm.Protocols.Json;

/// <summary>Reads JSON of which nothing is sure.</summary>
internal static class JsonNodeExtensions
{
    /// <summary>The text of a string; null where it is something else or no valid Unicode.</summary>
    public static string? Text(JsonNode? node)
    {
        try
        {
            return node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null; // broken Unicode is found only here
        }
    }

    /// <summary>A whole number; null where it is something else.</summary>
    public static long? Number(JsonNode? node) =>
        node switch
        {
            JsonValue value when value.TryGetValue(out long number) => number,
            JsonValue value when value.TryGetValue(out int number) => number, // one that did not come from text knows its own type alone
            _ => null,
        };

    /// <summary>A whole number that counts within an array; null where it is something else.</summary>
    public static int? Index(JsonNode? node) =>
        Number(node) is { } number and >= int.MinValue and <= int.MaxValue ? (int)number : null;

    /// <summary>The objects of an array; none where it is something else.</summary>
    public static IEnumerable<JsonObject> Objects(JsonNode? node) =>
        node is JsonArray items ? items.OfType<JsonObject>() : [];

    /// <summary>A field of a request that must be an object.</summary>
    /// <exception cref="UnsupportedByProviderException">It is something else.</exception>
    public static JsonObject Object(JsonNode? node, string path) =>
        node as JsonObject ?? throw new UnsupportedByProviderException(path, "must be an object");

    /// <summary>A field of a request that must be an array.</summary>
    /// <exception cref="UnsupportedByProviderException">It is something else.</exception>
    public static JsonArray Array(JsonNode? node, string path) =>
        node as JsonArray ?? throw new UnsupportedByProviderException(path, "must be an array");

    /// <summary>A field of a request that must be a string.</summary>
    /// <exception cref="UnsupportedByProviderException">It is something else.</exception>
    public static string Text(JsonNode? node, string path) =>
        Text(node) ?? throw new UnsupportedByProviderException(path, "must be a string of valid Unicode");
}
