using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Translation;

/// <summary>
/// Completes the schemas of MCP tools: OpenAI requires <c>properties</c> (openai/openai-agents-python#454), Anthropic a
/// type, and neither accepts combinators at the root (makenotion/notion-mcp-server#340).
/// </summary>
internal static class ToolSchema
{
    private static readonly string[] _combinators = ["allOf", "anyOf", "oneOf"];

    /// <summary>A schema for chat completions.</summary>
    /// <param name="schema">The client's schema; it is not changed. Null: the tool has no parameters.</param>
    public static JsonObject ForChat(JsonObject? schema)
    {
        var complete = ForAnthropic(schema);
        if (complete["type"].Text() == "object")
        {
            complete.TryAdd("properties", new JsonObject());
        }

        return complete;
    }

    /// <summary>A schema for Anthropic.</summary>
    /// <param name="schema">The client's schema; it is not changed. Null: the tool has no parameters.</param>
    public static JsonObject ForAnthropic(JsonObject? schema)
    {
        var complete = schema?.DeepClone().AsObject() ?? new() { ["properties"] = new JsonObject() };
        if (complete["type"] is null)
        {
            complete["type"] = "object";
        }

        foreach (var name in _combinators)
        {
            if (complete[name] is JsonArray branches)
            {
                complete.Remove(name);
                Fold(complete, branches, isEach: name == "allOf");
            }
        }

        return complete;
    }

    /// <summary>
    /// Adds the branches' properties to the object. It requires what every branch requires, so that it accepts all that
    /// the combinator accepts; the tool itself checks the rest.
    /// </summary>
    private static void Fold(JsonObject schema, JsonArray branches, bool isEach)
    {
        var properties = schema["properties"] as JsonObject;
        schema["properties"] = properties ??= [];
        HashSet<string>? required = null;
        foreach (var branch in branches.Objects())
        {
            foreach (var (name, value) in branch["properties"] as JsonObject ?? [])
            {
                properties.TryAdd(name, value?.DeepClone());
            }

            var names = Names(branch["required"]);
            if (required is null)
            {
                required = [.. names];
            }
            else if (isEach)
            {
                required.UnionWith(names);
            }
            else
            {
                required.IntersectWith(names);
            }
        }

        required = [.. Names(schema["required"]), .. required ?? []];
        if (required.Count > 0)
        {
            schema["required"] = new JsonArray([.. required.Select(n => (JsonNode)n)]);
        }
    }

    private static IEnumerable<string> Names(JsonNode? required) =>
        (required as JsonArray ?? []).Select(n => n.Text()).OfType<string>();
}
