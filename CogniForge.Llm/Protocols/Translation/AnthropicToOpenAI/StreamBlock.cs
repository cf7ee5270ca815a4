using System.Text;
using System.Text.Json.Nodes;

namespace CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;

/// <summary>A content block of an Anthropic stream, open or waiting for the open one to end.</summary>
/// <param name="start">The block as <c>content_block_start</c> sends it, without its text.</param>
internal sealed class StreamBlock(JsonObject start)
{
    private readonly StringBuilder _text = new();

    public JsonObject Start => start;

    public string Type { get; } = start["type"]!.GetValue<string>();

    /// <summary>The text, the thinking or the arguments of the call so far.</summary>
    public string Text => _text.ToString();

    public bool IsCall => Type == "tool_use";

    /// <summary>Whether it is a call whose arguments do not end yet, so that more fragments must follow.</summary>
    public bool IsUnfinishedCall =>
        IsCall && !(Text.AsSpan().TrimEnd().EndsWith('}') && ToolInput.IsComplete(Text));

    public void Append(string text) => _text.Append(text);

    /// <summary>The type of its deltas, and their member that has the text.</summary>
    public (string Type, string Member) Delta =>
        Type switch
        {
            "tool_use" => ("input_json_delta", "partial_json"),
            "thinking" => ("thinking_delta", "thinking"),
            _ => ("text_delta", "text"),
        };
}
