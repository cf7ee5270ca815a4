using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;

/// <summary>A content block of an Anthropic stream, open or waiting for the open one to end.</summary>
/// <param name="start">The block as <c>content_block_start</c> sends it, without its text.</param>
internal sealed class StreamBlock(JsonObject start)
{
    private readonly StringBuilder _text = new();
    private readonly ToolArguments _arguments = new();

    public JsonObject Start => start;

    public string Type { get; } = start["type"]!.GetValue<string>();

    /// <summary>The text, the thinking or the arguments of the call so far.</summary>
    public string Text =>
        !IsCall ? _text.ToString()
        : _arguments.IsObject ? _arguments.ToString()
        : "";

    /// <summary>The text that cites, to read parts of it.</summary>
    public StringBuilder Content => _text;

    public bool IsCall => Type == "tool_use";

    /// <summary>Whether it is a call whose arguments do not end yet, so that more fragments must follow.</summary>
    public bool IsUnfinishedCall => IsCall && !_arguments.IsComplete;

    /// <summary>Appends a text or a fragment of the arguments.</summary>
    /// <returns>The part to send; empty: none yet.</returns>
    public string Append(string text)
    {
        if (IsCall)
        {
            return _arguments.Add(text);
        }

        _text.Append(text);
        return text;
    }

    /// <summary>Ends the arguments of a call.</summary>
    /// <param name="isTruncated">Whether the response ended at its token limit, which explains cut arguments.</param>
    /// <returns>The rest to send; empty: none.</returns>
    /// <exception cref="JsonException">The client could not parse what it has received.</exception>
    public string EndCall(bool isTruncated)
    {
        if (!_arguments.IsObject)
        {
            var input = ToolInput.Parse(_arguments.ToString(), isTruncated);
            return input.Count > 0 || _arguments.IsComplete ? ToolInput.Write(input) : "";
        }

        return isTruncated || ToolInput.IsObject(Text)
            ? ""
            : throw new JsonException("The arguments of a tool call are not JSON.");
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
