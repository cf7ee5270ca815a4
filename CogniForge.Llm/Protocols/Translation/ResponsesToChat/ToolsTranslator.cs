using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Translation.ResponsesToChat;

/// <summary>
/// Translates tools and output formats, which are flat in responses and nested in chat completions. OpenAI's built-in
/// tools are dropped and named, so that agents that always send them work at every provider.
/// </summary>
internal static class ToolsTranslator
{
    public static void AddTools(JsonObject chat, IReadOnlyList<JsonField> tools, List<string> dropped)
    {
        var functions = tools.SelectMany(t => Functions(t, null, dropped)).ToArray();
        if (functions.Length > 0)
        {
            chat["tools"] = new JsonArray([.. functions]);
        }
    }

    /// <summary>Translates <c>tool_choice</c>; drops that of a dropped tool.</summary>
    public static void AddChoice(JsonObject chat, JsonField choice, List<string> dropped)
    {
        if (choice.Value is not JsonObject)
        {
            chat["tool_choice"] = choice.IsText
                ? choice.RequiredText()
                : throw choice.Invalid("must be a string or an object");
            return;
        }

        if (choice["type"].Text() == "allowed_tools")
        {
            chat["tool_choice"] = new JsonObject
            {
                ["type"] = "allowed_tools",
                ["allowed_tools"] = new JsonObject
                {
                    ["mode"] = choice["mode"].Copy(),
                    ["tools"] = new JsonArray([
                        .. choice["tools"].Items().SelectMany(t => Functions(t, null, dropped)),
                    ]),
                },
            };
        }
        else if (Functions(choice, choice["namespace"].Text(), dropped) is [var function])
        {
            function["function"] = new JsonObject { ["name"] = function["function"]!["name"]!.DeepClone() };
            chat["tool_choice"] = function;
        }
    }

    /// <summary>Translates <c>text.format</c> to <c>response_format</c>.</summary>
    public static JsonNode Format(JsonField format) =>
        format["type"].Text() switch
        {
            "text" or "json_object" => format.Copy()!,
            "json_schema" => Nested(format, "json_schema"),
            _ => throw format["type"].Invalid("must be text, json_object or json_schema"),
        };

    /// <summary>
    /// Removes a choice without tools, which chat completions reject and responses accept, or whose tools were dropped.
    /// </summary>
    public static void RemoveChoiceWithoutTools(JsonObject chat, JsonField tools)
    {
        if (chat.ContainsKey("tools"))
        {
            return;
        }

        chat.Remove("parallel_tool_calls");
        if (tools.Value is not null || chat["tool_choice"].Text() is "auto" or "none")
        {
            chat.Remove("tool_choice");
        }
    }

    private static IReadOnlyList<JsonObject> Functions(JsonField tool, string? ns, List<string> dropped)
    {
        _ = tool.RequiredObject();
        switch (tool["type"].RequiredText())
        {
            case "function":
                var function = Nested(tool, "function");
                function["function"]!["name"] = ToolNames.Flatten(ns, tool["name"].RequiredText());
                function["function"]!.AsObject().Remove("namespace");
                return [function];
            case "custom":
                return [Custom(tool, ns)];
            case "namespace":
                var name = tool["name"].RequiredText();
                if (ns is not null || name.Length > ToolNames.MaxNamespaceLength)
                {
                    throw tool["name"].Invalid(
                        $"must be at most {ToolNames.MaxNamespaceLength} characters, and not within another namespace"
                    );
                }

                return [.. tool["tools"].Items().SelectMany(t => Functions(t, name, dropped))];
            case var other:
                dropped.Add(other);
                return [];
        }
    }

    private static JsonObject Custom(JsonField tool, string? ns)
    {
        var function = new JsonObject { ["name"] = ToolNames.Flatten(ns, tool["name"].RequiredText()) };
        if (tool["description"].Text() is { } description)
        {
            function["description"] = description;
        }

        function["parameters"] = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject { [ToolNames.Input] = new JsonObject { ["type"] = "string" } },
            ["required"] = new JsonArray(ToolNames.Input),
        };
        return new() { ["type"] = "function", ["function"] = function };
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
