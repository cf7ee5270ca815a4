using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Protocols.Translation.OpenAIToAnthropic;

/// <summary>Translates the tools of chat completions to Anthropic's.</summary>
internal static class ToolsTranslator
{
    /// <summary>Writes <c>tools</c> and <c>tool_choice</c>.</summary>
    /// <param name="request">The chat.</param>
    /// <param name="result">The request to write to.</param>
    /// <param name="dropped">Receives the names of what strict tools do not support.</param>
    public static void Write(JsonField request, JsonObject result, List<string> dropped)
    {
        var tools = request["tools"].Items();
        if (tools.Count == 0)
        {
            return; // Anthropic rejects tool_choice without tools
        }

        result["tools"] = new JsonArray([.. tools.Select(t => Tool(t, dropped))]);
        var choice = Choice(request["tool_choice"]);
        if (
            request["parallel_tool_calls"] is { Value: not null } parallel
            && !parallel.IsTrue()
            && choice?["type"]?.GetValue<string>() != "none"
        )
        {
            choice ??= new() { ["type"] = "auto" };
            choice["disable_parallel_tool_use"] = true;
        }

        if (choice is not null)
        {
            result["tool_choice"] = choice;
        }
    }

    private static JsonObject Tool(JsonField tool, List<string> dropped)
    {
        var type = tool["type"];
        switch (type.RequiredText())
        {
            case "function":
                break;
            case var own when IsAnthropics(own):
                return (JsonObject)tool.Copy()!;
            default:
                throw type.Invalid("must be \"function\" for this model");
        }

        var function = tool["function"];
        var result = new JsonObject
        {
            ["name"] = ToolNameMap.Fit(function["name"].RequiredText(), ProviderKind.Anthropic),
        };
        Copy(function["description"], "description");
        var schema = ToolSchema.ForAnthropic(function["parameters"].Object());
        if (function["strict"].IsTrue())
        {
            StrictSchema.Fit(schema, "tools", dropped);
        }

        result["input_schema"] = schema;
        Copy(function["strict"], "strict");
        Copy(tool["cache_control"], "cache_control");
        return result;

        void Copy(JsonField field, string name)
        {
            if (field.Value is not null)
            {
                result[name] = field.Copy();
            }
        }
    }

    /// <summary>Whether a type is one of Anthropic's, which end in a date: <c>web_search_20250305</c>.</summary>
    private static bool IsAnthropics(string type) =>
        type == "mcp_toolset"
        || (type.Length > 9 && type[^9] == '_' && type.AsSpan(type.Length - 8).IndexOfAnyExceptInRange('0', '9') < 0);

    private static JsonObject? Choice(JsonField choice)
    {
        if (choice.Value is null)
        {
            return null;
        }

        var type = choice.IsText ? choice : choice["type"];
        return type.RequiredText() switch
        {
            "auto" => new() { ["type"] = "auto" },
            "required" => new() { ["type"] = "any" },
            "none" => new() { ["type"] = "none" },
            "function" => new()
            {
                ["type"] = "tool",
                ["name"] = ToolNameMap.Fit(choice["function"]["name"].RequiredText(), ProviderKind.Anthropic),
            },
            _ => throw type.Invalid("must be \"auto\", \"required\", \"none\" or a function for this model"),
        };
    }
}
