using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Translation.ResponsesToChat;

/// <summary>
/// Tools within the input, as Codex sends them for OpenAI's models from GPT-6 on, or finds them by a search. To other
/// models they are tools like those of <c>tools</c>.
/// </summary>
internal static class AdditionalTools
{
    /// <summary>The type of the items.</summary>
    public const string ItemType = "additional_tools";

    /// <summary>Moves the tools of the input to those of the request.</summary>
    /// <param name="request">The request, which is changed.</param>
    public static void MoveToTools(JsonObject request)
    {
        if (FindItems(request).Count > 0)
        {
            request["tools"] = GetAll(request);
            request["input"]!.AsArray().RemoveAll(i => i is JsonObject item && item["type"].Text() == ItemType);
        }
    }

    /// <summary>The tools of a request, with those of its input; null: it has none.</summary>
    public static JsonNode? GetAll(JsonObject request)
    {
        var items = FindItems(request);
        return items.Count == 0
            ? request["tools"]
            : new JsonArray([
                .. request["tools"]
                    .Objects()
                    .Concat(items.SelectMany(item => item["tools"].Objects()))
                    .Select(tool => tool.DeepClone()),
            ]);
    }

    private static List<JsonObject> FindItems(JsonObject request) =>
        [.. request["input"].Objects().Where(item => RequestTools.HasTools(item["type"].Text()))];
}
