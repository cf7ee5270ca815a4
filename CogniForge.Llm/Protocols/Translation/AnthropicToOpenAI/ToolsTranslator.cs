using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;

/// <summary>Translates the tools of Anthropic's requests to those of chat completions.</summary>
internal static class ToolsTranslator
{
    /// <summary>
    /// Writes <c>tools</c>, <c>tool_choice</c> and <c>parallel_tool_calls</c>. The tools that Anthropic
    /// defines, whether it runs them or the client, have no equivalent; neither has a choice of one.
    /// </summary>
    public static void Write(JsonField request, ProviderKind kind, JsonObject result, List<string> dropped)
    {
        var tools = new JsonArray();
        var droppedNames = new HashSet<string?>();
        foreach (var tool in request["tools"].Items())
        {
            if (tool["type"].Text() is not (null or "custom") and var type)
            {
                dropped.Add(type);
                droppedNames.Add(tool["name"].Text());
            }
            else
            {
                tools.Add((JsonNode)Function(tool, kind));
            }
        }

        var choice = request["tool_choice"];
        var translated = Choice(choice, kind);
        if (
            translated is not null
            && (tools.Count == 0 ? droppedNames.Count > 0 : droppedNames.Contains(choice["name"].Text() ?? ""))
        )
        {
            dropped.Add("tool_choice");
            translated = null;
        }

        if (tools.Count == 0)
        {
            return; // servers reject tool_choice without tools
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

    private static JsonNode? Choice(JsonField choice, ProviderKind kind) =>
        (choice["type"].Text(), choice.Value) switch
        {
            (null, null) => null,
            ("auto", _) => "auto",
            ("any", _) => "required",
            ("none", _) => "none",
            ("tool", _) => new JsonObject
            {
                ["type"] = "function",
                ["function"] = new JsonObject
                {
                    ["name"] = ToolNameMap.Fit(choice["name"].RequiredText(), kind),
                },
            },
            _ => throw choice["type"].Invalid("must be one of auto, any, tool, none"),
        };

    private static JsonObject Function(JsonField tool, ProviderKind kind)
    {
        var function = new JsonObject { ["name"] = ToolNameMap.Fit(tool["name"].RequiredText(), kind) };
        if (tool["description"].Text() is { } description)
        {
            function["description"] = description;
        }

        function["parameters"] = ToolSchema.ForChat(tool["input_schema"].Object());
        if (tool["strict"].Value is not null)
        {
            function["strict"] = tool["strict"].IsTrue();
        }

        var result = new JsonObject { ["type"] = "function", ["function"] = function };
        if (tool[CacheControlMarks.Member].Copy() is { } mark)
        {
            result[CacheControlMarks.Member] = mark;
        }

        return result;
    }
}
