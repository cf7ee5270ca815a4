using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Protocols.Translation.ResponsesToChat;

/// <summary>
/// Translates tools and output formats, which are flat in responses and nested in chat completions. OpenAI's built-in
/// tools are dropped and named, so that agents that always send them work at every provider.
/// </summary>
/// <param name="kind">The provider's kind, whose rules names keep.</param>
/// <param name="dropped">Receives the types of tools without an equivalent.</param>
internal sealed class ToolsTranslator(ProviderKind kind, List<string> dropped)
{
    public void AddTools(JsonObject chat, IReadOnlyList<JsonField> tools)
    {
        // A tool that a client finds twice is one: providers reject names that repeat.
        var functions = tools
            .SelectMany(t => Functions(t, null))
            .DistinctBy(f => f["function"]!["name"]!.GetValue<string>())
            .ToArray();
        if (functions.Length > 0)
        {
            chat["tools"] = new JsonArray([.. functions]);
        }
    }

    /// <summary>Translates <c>tool_choice</c>; drops that of a dropped tool.</summary>
    public void AddChoice(JsonObject chat, JsonField choice)
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
            var allowed = choice["tools"].Items().SelectMany(t => Functions(t, t["namespace"].Text())).ToArray();
            if (allowed.Length == 0)
            {
                return;
            }

            chat["tool_choice"] = new JsonObject
            {
                ["type"] = "allowed_tools",
                ["allowed_tools"] = new JsonObject
                {
                    ["mode"] = choice["mode"].Copy(),
                    ["tools"] = new JsonArray([.. allowed.Select(NameOnly)]),
                },
            };
        }
        else if (Functions(choice, choice["namespace"].Text()) is [var function])
        {
            chat["tool_choice"] = NameOnly(function);
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
    public void RemoveChoiceWithoutTools(JsonObject chat, JsonField tools)
    {
        if (chat.ContainsKey("tools"))
        {
            return;
        }

        chat.Remove("parallel_tool_calls");
        if (tools.Value is not null || chat["tool_choice"].Text() is "auto" or "none")
        {
            if (chat["tool_choice"].Text() is not (null or "auto" or "none"))
            {
                dropped.Add("tool_choice");
            }

            chat.Remove("tool_choice");
        }
    }

    private static JsonObject NameOnly(JsonObject function) =>
        new()
        {
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = function["function"]!["name"]!.DeepClone() },
        };

    private IReadOnlyList<JsonObject> Functions(JsonField tool, string? ns)
    {
        _ = tool.RequiredObject();
        switch (tool["type"].RequiredText())
        {
            case "function":
                var function = Nested(tool, "function");
                var members = function["function"]!.AsObject();
                members["name"] = ToolNames.Flatten(ns, tool["name"].RequiredText(), kind);
                if (tool["parameters"].Object() is { } schema)
                {
                    members["parameters"] = ToolSchema.ForChat(schema);
                }

                members.Remove("namespace");
                members.Remove("defer_loading"); // only OpenAI loads tools later
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

                return [.. tool["tools"].Items().SelectMany(t => Functions(t, name))];
            case var other:
                dropped.Add(other);
                return [];
        }
    }

    private JsonObject Custom(JsonField tool, string? ns)
    {
        var function = new JsonObject { ["name"] = ToolNames.Flatten(ns, tool["name"].RequiredText(), kind) };
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
        if (tool["format"]["type"].Text() is not (null or "text"))
        {
            dropped.Add("tools.format"); // a grammar
        }

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
