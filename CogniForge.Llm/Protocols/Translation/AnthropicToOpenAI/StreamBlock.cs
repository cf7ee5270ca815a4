using System.Text;
using System.Text.Json.Nodes;

namespace CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;

/// <summary>A content block of an Anthropic stream, open or waiting for the open one to end.</summary>
/// <param name="start">The block as <c>content_block_start</c> sends it, without its text.</param>
internal sealed class StreamBlock(JsonObject start)
{
    private readonly StringBuilder _waiting = new();
    private readonly JsonObjectEnd _end = new();

    public JsonObject Start => start;

    public string Type { get; } = start["type"]!.GetValue<string>();

    public bool IsCall => Type == "tool_use";

    /// <summary>Whether it is a call whose arguments do not end yet, so that more fragments must follow.</summary>
    public bool IsUnfinishedCall => IsCall && !_end.IsReached;

    /// <summary>Adds a fragment of the text, the thinking or the arguments.</summary>
    /// <param name="text">The fragment.</param>
    /// <param name="isOpen">Whether the client gets it at once; otherwise it is kept.</param>
    public void Append(string text, bool isOpen)
    {
        if (IsCall)
        {
            _end.Add(text);
        }

        if (!isOpen)
        {
            _waiting.Append(text);
        }
    }

    /// <summary>Returns what was kept; to be called once, when the block opens.</summary>
    public string TakeText()
    {
        var text = _waiting.ToString();
        _waiting.Clear();
        return text;
    }

    /// <summary>The type of its deltas, and their member that has the text.</summary>
    public (string Type, string Member) Delta =>
        Type switch
        {
            "tool_use" => ("input_json_delta", "partial_json"),
            "thinking" => ("thinking_delta", "thinking"),
            _ => ("text_delta", "text"),
        };
}
