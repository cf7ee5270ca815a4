using System.Text;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;

namespace CogniForge.Llm.Protocols.Translation;

/// <summary>A streamed tool call whose name is not known yet.</summary>
internal sealed class PendingCall
{
    private readonly StringBuilder _arguments = new();
    private string? _id;
    private JsonObject? _signed;

    /// <summary>The name; null: not yet known.</summary>
    public string? Name { get; private set; }

    /// <summary>The arguments so far.</summary>
    public string Arguments => _arguments.ToString();

    /// <summary>Adds a fragment.</summary>
    public void Add(JsonObject fragment)
    {
        var function = fragment["function"] as JsonObject;
        _id ??= fragment["id"].Text();
        _signed ??= fragment["extra_content"] is JsonObject ? fragment : null;
        Name = function?["name"].Text();
        _arguments.Append(ToolInput.ReadArguments(function));
    }

    /// <summary>The id for the client.</summary>
    /// <param name="id">The one to use if the provider sent none.</param>
    public string GetId(string id) => ToolCallId.Join(_id ?? id, _signed);
}
