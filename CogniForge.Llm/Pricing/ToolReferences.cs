using System.Runtime.InteropServices;
using System.Text.Json;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Pricing;

/// <summary>
/// What a <c>tool_reference</c> of a tool search adds: the provider puts the definition of the tool in its place
/// (platform.claude.com/docs/en/agents-and-tools/tool-use/tool-search-tool).
/// </summary>
internal static class ToolReferences
{
    /// <summary>The type of the blocks.</summary>
    public const string Type = "tool_reference";

    private static readonly string[] _conversations = ["messages", "input"];
    private static readonly string[] _contents = ["content", "output", "tool_references"];

    /// <summary>The bytes of the referenced tools, for each reference.</summary>
    public static long Measure(JsonElement body)
    {
        if (!body.MayContain("tool_reference"u8))
        {
            return 0;
        }

        var references = _conversations
            .SelectMany(name => body.Members(name))
            .SelectMany(Find)
            .SelectMany(r => GetTexts(r, "tool_name"))
            .ToList();
        if (references.Count == 0)
        {
            return 0;
        }

        var sizes = new Dictionary<string, long>();
        foreach (var (tool, _) in RequestTools.GetAll(body))
        {
            var size = JsonMarshal.GetRawUtf8Value(tool).Length;
            var names = tool.Members("function").Prepend(tool).SelectMany(t => GetTexts(t, "name"));
            foreach (var name in names.SelectMany(GetSent))
            {
                sizes[name] = Math.Max(size, sizes.GetValueOrDefault(name));
            }
        }

        return references.Sum(name => sizes.GetValueOrDefault(name));
    }

    // A provider may get a tool by another name.
    private static IEnumerable<string> GetSent(string name) =>
        new HashSet<string>
        {
            name,
            ToolNameMap.Fit(name, ProviderKind.OpenAI),
            ToolNameMap.Fit(name, ProviderKind.OpenAICompatible),
        };

    private static IEnumerable<JsonElement> Find(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().SelectMany(Find)
        : value.ValueKind != JsonValueKind.Object ? []
        : value.Members("type").Any(t => t.Text() == Type) ? [value]
        : _contents.SelectMany(name => value.Members(name)).SelectMany(Find);

    private static IEnumerable<string> GetTexts(JsonElement parent, string name) =>
        parent.Members(name).Select(m => m.Text()).OfType<string>();
}
