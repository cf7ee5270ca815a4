using System.Text.Json.Nodes;

namespace CogniForge.Tests;

/// <summary>
/// Compares the examples of responses with their schemas: what a response may omit or set to null is declared so.
/// </summary>
public static class OpenApiExampleRules
{
    /// <summary>The paths of nulls that the schema excludes, and of missing members that it requires.</summary>
    public static IEnumerable<string> Find(string openApi)
    {
        var document = JsonNode.Parse(openApi)!;
        return
            from path in document["paths"]!.AsObject()
            from operation in path.Value!.AsObject()
            from response in operation.Value!["responses"]?.AsObject() ?? new JsonObject()
            from content in Resolve(document, response.Value)["content"]?.AsObject() ?? new JsonObject()
            where content.Value!["schema"] is not null && content.Value.AsObject().ContainsKey("example")
            from fault in Compare(document, content.Value["schema"]!, content.Value["example"])
            select $"{operation.Key} {path.Key} {response.Key}{fault}";
    }

    private static IEnumerable<string> Compare(JsonNode document, JsonNode schema, JsonNode? value)
    {
        JsonNode[] all = [.. Expand(document, schema)];
        if (value is null)
        {
            return all.Length == 0 || all.Any(IsNull) ? [] : [" must not be null"];
        }

        var used = all.FirstOrDefault(s => s["properties"] is not null || s["items"] is not null);
        return value switch
        {
            JsonArray items when used?["items"] is { } item => items.SelectMany(i => Compare(document, item, i)),
            JsonObject members => (used?["required"]?.AsArray() ?? new JsonArray())
                .Select(r => r!.GetValue<string>())
                .Where(r => !members.ContainsKey(r))
                .Select(r => $".{r} is required")
                .Concat(
                    from member in members
                    let property = used?["properties"]?[member.Key]
                    where property is not null
                    from fault in Compare(document, property, member.Value)
                    select $".{member.Key}{fault}"
                ),
            _ => [],
        };
    }

    /// <summary>The schema, or its alternatives.</summary>
    private static IEnumerable<JsonNode> Expand(JsonNode document, JsonNode schema)
    {
        var resolved = Resolve(document, schema);
        var alternatives = resolved["oneOf"]?.AsArray() ?? resolved["anyOf"]?.AsArray();
        return alternatives is null ? [resolved] : alternatives.SelectMany(a => Expand(document, a!));
    }

    private static bool IsNull(JsonNode schema) =>
        schema["type"] switch
        {
            JsonArray types => types.Any(t => t!.GetValue<string>() == "null"),
            JsonValue type => type.GetValue<string>() == "null",
            _ => true, // any value
        };

    private static JsonNode Resolve(JsonNode document, JsonNode? node)
    {
        while (node!["$ref"]?.GetValue<string>() is { } reference)
        {
            node = reference.Split('/').Skip(1).Aggregate((JsonNode?)document, (n, name) => n![name]);
        }

        return node;
    }
}
