using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Translation.ResponsesToChat;

/// <summary>Translates tools and output formats, which are flat in responses and nested in chat completions.</summary>
internal static class ToolsTranslator
{
    public static void AddTools(JsonObject chat, IReadOnlyList<JsonField> tools)
    {
        if (tools.Count > 0)
        {
            chat["tools"] = new JsonArray([.. tools.Select(Function)]);
        }
    }

    /// <summary>Translates <c>tool_choice</c>.</summary>
    public static JsonNode Choice(JsonField choice)
    {
        if (choice.Value is not JsonObject)
        {
            return choice.IsText ? choice.RequiredText() : throw choice.Invalid("must be a string or an object");
        }

        if (choice["type"].Text() != "allowed_tools")
        {
            return Function(choice);
        }

        return new JsonObject
        {
            ["type"] = "allowed_tools",
            ["allowed_tools"] = new JsonObject
            {
                ["mode"] = choice["mode"].Copy(),
                ["tools"] = new JsonArray([.. choice["tools"].Items().Select(Function)]),
            },
        };
    }

    /// <summary>Translates <c>text.format</c> to <c>response_format</c>.</summary>
    public static JsonNode Format(JsonField format) =>
        format["type"].Text() switch
        {
            "text" or "json_object" => format.Copy()!,
            "json_schema" => Nested(format, "json_schema"),
            _ => throw format["type"].Invalid("must be text, json_object or json_schema"),
        };

    /// <summary>Removes a choice without tools, which chat completions reject and responses accept.</summary>
    public static void RemoveChoiceWithoutTools(JsonObject chat)
    {
        if (chat.ContainsKey("tools"))
        {
            return;
        }

        chat.Remove("parallel_tool_calls");
        if (chat["tool_choice"].Text() is "auto" or "none")
        {
            chat.Remove("tool_choice");
        }
    }

    private static JsonObject Function(JsonField tool)
    {
        _ = tool.RequiredObject();
        if (tool["type"].Text() != "function")
        {
            throw tool["type"].Invalid("must be function for this model: it does not support OpenAI's built-in tools");
        }

        _ = tool["name"].RequiredText();
        return Nested(tool, "function");
    }

    private static JsonObject Nested(JsonField source, string name) =>
        new()
        {
            ["type"] = name,
            [name] = new JsonObject(
                source.Members().Where(m => m.Name != "type").Select(m => KeyValuePair.Create(m.Name, m.Field.Copy()))
            ),
        };
}
