using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Translation.ResponsesToChat;

/// <summary>Translates tools and output formats, which are flat in responses and nested in chat completions.</summary>
internal static class ToolsTranslator
{
    public static void AddTools(JsonObject chat, JsonArray tools)
    {
        if (tools.Count > 0)
        {
            chat["tools"] = new JsonArray([.. tools.Select((tool, i) => Function(tool, $"tools[{i}]"))]);
        }
    }

    /// <summary>Translates <c>tool_choice</c>.</summary>
    public static JsonNode Choice(JsonNode choice)
    {
        if (choice is not JsonObject members)
        {
            _ =
                JsonNodeExtensions.Text(choice)
                ?? throw new UnsupportedByProviderException("tool_choice", "must be a string or an object");
            return choice.DeepClone();
        }

        if (JsonNodeExtensions.Text(members["type"]) != "allowed_tools")
        {
            return Function(members, "tool_choice");
        }

        var allowed = JsonNodeExtensions.Array(members["tools"], "tool_choice.tools");
        return new JsonObject
        {
            ["type"] = "allowed_tools",
            ["allowed_tools"] = new JsonObject
            {
                ["mode"] = members["mode"]?.DeepClone(),
                ["tools"] = new JsonArray([.. allowed.Select((tool, i) => Function(tool, $"tool_choice.tools[{i}]"))]),
            },
        };
    }

    /// <summary>Translates <c>text.format</c> to <c>response_format</c>.</summary>
    public static JsonObject Format(JsonNode format)
    {
        var members = JsonNodeExtensions.Object(format, "text.format");
        return JsonNodeExtensions.Text(members["type"]) switch
        {
            "text" or "json_object" => members.DeepClone().AsObject(),
            "json_schema" => Nested(members, "json_schema"),
            _ => throw new UnsupportedByProviderException(
                "text.format.type",
                "must be text, json_object or json_schema"
            ),
        };
    }

    /// <summary>Removes a choice without tools, which chat completions reject and responses accept.</summary>
    public static void RemoveChoiceWithoutTools(JsonObject chat)
    {
        if (chat.ContainsKey("tools"))
        {
            return;
        }

        chat.Remove("parallel_tool_calls");
        if (JsonNodeExtensions.Text(chat["tool_choice"]) is "auto" or "none")
        {
            chat.Remove("tool_choice");
        }
    }

    private static JsonObject Function(JsonNode? tool, string path)
    {
        var members = JsonNodeExtensions.Object(tool, path);
        if (JsonNodeExtensions.Text(members["type"]) != "function")
        {
            throw new UnsupportedByProviderException(
                $"{path}.type",
                "must be function for this model: it does not support OpenAI's built-in tools"
            );
        }

        _ = JsonNodeExtensions.Text(members["name"], $"{path}.name");
        return Nested(members, "function");
    }

    private static JsonObject Nested(JsonObject members, string name) =>
        new()
        {
            ["type"] = name,
            [name] = new JsonObject(
                members
                    .Where(m => m.Key != "type" && m.Value is not null)
                    .Select(m => KeyValuePair.Create(m.Key, m.Value?.DeepClone()))
            ),
        };
}
