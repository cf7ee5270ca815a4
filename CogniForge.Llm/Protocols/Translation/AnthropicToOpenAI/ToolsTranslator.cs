using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;

/// <summary>Translates the tools of an Anthropic request for OpenAI's chat completions.</summary>
internal static class ToolsTranslator
{
    /// <summary>Writes <c>tools</c>, <c>tool_choice</c> and <c>parallel_tool_calls</c>. Tools that Anthropic itself runs have no equivalent.</summary>
    public static void Write(JsonField request, JsonObject result, List<string> dropped)
    {
        var tools = new JsonArray();
        foreach (var tool in request["tools"].Items())
        {
            if (tool["type"].Text() is not (null or "custom") and var kind)
            {
                dropped.Add(kind);
            }
            else
            {
                tools.Add((JsonNode)Function(tool));
            }
        }

        var choice = request["tool_choice"];
        var type = choice["type"];
        var translated = (type.Text(), choice.Value) switch
        {
            (null, null) => null,
            ("auto", _) => "auto",
            ("any", _) => "required",
            ("none", _) => "none",
            ("tool", _) => (JsonNode)
                new JsonObject
                {
                    ["type"] = "function",
                    ["function"] = new JsonObject { ["name"] = choice["name"].RequiredText() },
                },
            _ => throw type.Invalid("must be one of auto, any, tool, none"),
        };
        if (tools.Count == 0)
        {
            return; // a choice among no tools would be refused
        }

        result["tools"] = tools;
        if (translated is not null)
        {
            result["tool_choice"] = translated;
        }

        if (choice["disable_parallel_tool_use"].IsTrue())
        {
            result["parallel_tool_calls"] = false;
        }
    }

    private static JsonObject Function(JsonField tool)
    {
        var function = new JsonObject { ["name"] = tool["name"].RequiredText() };
        if (tool["description"].Text() is { } description)
        {
            function["description"] = description;
        }

        function["parameters"] =
            tool["input_schema"].Object()?.DeepClone()
            ?? new JsonObject { ["type"] = "object", ["properties"] = new JsonObject() };
        if (tool["strict"].Value is not null)
        {
            function["strict"] = tool["strict"].IsTrue();
        }

        return new() { ["type"] = "function", ["function"] = function };
    }
}
