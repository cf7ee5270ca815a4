using System.Runtime.InteropServices;
using System.Text.Json;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.Translation.ResponsesToChat;

namespace CogniForge.Llm.Protocols;

/// <summary>Finds the tools of a request in any protocol, wherever a client may declare them.</summary>
internal static class RequestTools
{
    /// <summary>
    /// Lists the tools of <c>tools</c> and of the items that add tools, each namespace followed by what it contains,
    /// with the length of the namespaces' names that come before the tool's own.
    /// </summary>
    public static IEnumerable<(JsonElement Tool, int NamespaceLength)> GetAll(JsonElement body) =>
        body.MayContain("tools"u8) ? GetAll(body, 0).Concat(GetAdditional(body)) : [];

    /// <summary>Lists the tools of the items that add tools in the same way.</summary>
    public static IEnumerable<(JsonElement Tool, int NamespaceLength)> GetAdditional(JsonElement body) =>
        body.MayContain("tools"u8)
            ? body.Members("input")
                .SelectMany(input => input.Items())
                .Where(item => item.Members("type").Any(t => HasTools(t.Text())))
                .SelectMany(item => GetAll(item, 0))
            : [];

    /// <summary>Whether the items of a type add tools: Codex's own, and the result of OpenAI's tool search.</summary>
    public static bool HasTools(string? type) => type is AdditionalTools.ItemType or ClientToolSearch.OutputType;

    private static IEnumerable<(JsonElement Tool, int NamespaceLength)> GetAll(JsonElement parent, int length)
    {
        foreach (var tool in parent.Members("tools").SelectMany(t => t.Items()))
        {
            yield return (tool, length);
            if (tool.ValueKind == JsonValueKind.Object && tool.Members("tools").Any())
            {
                var name = tool.Members("name").Sum(n => JsonMarshal.GetRawUtf8Value(n).Length);
                foreach (var inner in GetAll(tool, length + name))
                {
                    yield return inner;
                }
            }
        }
    }
}
