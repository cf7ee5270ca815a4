using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Protocols.Translation.ResponsesToChat;

/// <summary>
/// Finds the tool that a function of a chat completion stands for: chat completions have neither namespaces nor, at
/// most providers, custom tools.
/// </summary>
internal sealed class ToolNames
{
    /// <summary>The parameter of the function that stands for a custom tool.</summary>
    public const string Input = "input";

    /// <summary>The maximum length of a namespace in characters; each of its tools repeats it.</summary>
    public const int MaxNamespaceLength = 128;

    private readonly Dictionary<string, (string Type, string? Namespace, string Name)> _tools = [];
    private readonly ToolNameMap _fitted;

    /// <param name="tools">The <c>tools</c> of a request that was translated.</param>
    public ToolNames(JsonNode? tools)
    {
        foreach (var (tool, ns) in List(tools))
        {
            Add(tool, ns);
        }

        while (_tools.ContainsKey(Search))
        {
            Search += '_';
        }

        if (tools.Objects().Any(t => t["type"].Text() == ClientToolSearch.ToolType && ClientToolSearch.IsClients(t)))
        {
            _tools[Search] = (ClientToolSearch.ToolType, null, Search);
        }

        _fitted = new(_tools.Keys);
    }

    /// <summary>The name of the function that stands for the client's tool search; no other tool has it.</summary>
    public string Search { get; } = ClientToolSearch.ToolType;

    /// <summary>Lists tools, also those within namespaces.</summary>
    public static IEnumerable<(JsonObject Tool, string? Namespace)> List(JsonNode? tools) =>
        tools
            .Objects()
            .SelectMany(tool =>
                tool["type"].Text() == "namespace"
                    ? tool["tools"].Objects().Select(inner => (inner, tool["name"].Text()))
                    : [(tool, null)]
            );

    /// <summary>The name of the function that stands for a tool, by the rules of the provider's kind.</summary>
    public static string Flatten(string? ns, string name, ProviderKind kind) =>
        ToolNameMap.Fit(Join(ns, name), kind);

    /// <summary>The tool of a function; an unknown name is a function's.</summary>
    public (string Type, string? Namespace, string Name) Find(string function) =>
        _tools.TryGetValue(_fitted.Restore(function), out var tool) ? tool : ("function", null, function);

    private static string Join(string? ns, string name) => ns is null ? name : $"{ns}__{name}";

    private void Add(JsonObject tool, string? ns)
    {
        if (tool["type"].Text() is "function" or "custom" && tool["name"].Text() is { } name)
        {
            _tools.TryAdd(Join(ns, name), (tool["type"].Text()!, ns, name));
        }
    }
}
