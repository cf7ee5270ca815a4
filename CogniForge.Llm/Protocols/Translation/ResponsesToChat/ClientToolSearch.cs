using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Protocols.Translation.ResponsesToChat;

/// <summary>
/// OpenAI's tool search, run by the client (developers.openai.com/api/docs/guides/tools-tool-search): Codex finds the
/// tools of MCP servers by it. To other models it is a function, whose result names the tools that it adds.
/// </summary>
internal static class ClientToolSearch
{
    /// <summary>The type of the tool.</summary>
    public const string ToolType = "tool_search";

    /// <summary>The type of the model's call.</summary>
    public const string CallType = "tool_search_call";

    /// <summary>The type of the client's result.</summary>
    public const string OutputType = "tool_search_output";

    /// <summary>The most bytes of a found tool's name in the result: the name, its quotes and a comma.</summary>
    public const int BytesPerName = 64 + 3;

    /// <summary>Whether the client runs a tool search, or has run that of an item.</summary>
    public static bool IsClients(JsonObject tool) => tool["execution"].Text() == "client";

    /// <summary>Replaces the search, its choice, its calls and its results by those of a function.</summary>
    /// <param name="request">The request, which is changed; <c>tools</c> has the found tools already.</param>
    /// <param name="kind">The provider's kind.</param>
    public static void ReplaceByFunction(JsonObject request, ProviderKind kind)
    {
        var name = new ToolNames(request["tools"]).Search;
        foreach (var tool in request["tools"].Objects().Where(t => t["type"].Text() == ToolType && IsClients(t)))
        {
            tool.Remove("execution");
            Write(tool, "function", ("name", name));
            if (request["tool_choice"] is JsonObject choice && choice["type"].Text() == ToolType)
            {
                Write(choice, "function", ("name", name));
            }
        }

        foreach (var item in request["input"].Objects().Where(IsClients))
        {
            if (item["type"].Text() == CallType)
            {
                Write(item, "function_call", ("name", name), ("arguments", ToolInput.Write(item["arguments"])));
            }
            else if (item["type"].Text() == OutputType)
            {
                Write(item, "function_call_output", ("output", ListNames(item["tools"], kind)));
                item.Remove("tools");
            }

            item.Remove("execution");
        }
    }

    private static string ListNames(JsonNode? tools, ProviderKind kind) =>
        ToolInput.Write(
            new JsonObject
            {
                ["tools"] = new JsonArray([
                    .. ToolNames
                        .List(tools)
                        .Select(t => (JsonNode)ToolNames.Flatten(t.Namespace, t.Tool["name"].Text() ?? "", kind)),
                ]),
            }
        );

    private static void Write(JsonObject target, string type, params (string Name, string Value)[] members)
    {
        target["type"] = type;
        foreach (var (name, value) in members)
        {
            target[name] = value;
        }
    }
}
