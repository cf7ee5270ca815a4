using System.Text;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.OpenAI.Responses;
using CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;

namespace CogniForge.Llm.Protocols.Translation.ResponsesToChat;

/// <summary>A call of a function or a custom tool in progress.</summary>
internal sealed class CallItem(ResponsesEvents events, int output, JsonObject item)
{
    private readonly StringBuilder _arguments = new();

    /// <summary>The provider's id of the call.</summary>
    public string? Id => item["call_id"].Text() is { } id ? ToolCallId.GetId(id) : null;

    private bool IsCustom => item["type"].Text() == "custom_tool_call";

    public SseEvent Open() => events.Item("added", output, item);

    /// <summary>Appends a fragment. That of a custom tool's JSON means nothing before the end.</summary>
    public IEnumerable<SseEvent> Append(string arguments)
    {
        _arguments.Append(arguments);
        return IsCustom ? [] : [events.Text("function_call_arguments.delta", item, output, null, ("delta", arguments))];
    }

    /// <param name="status">The item's final status.</param>
    public IEnumerable<SseEvent> Close(string status)
    {
        item["status"] = status;
        if (IsCustom)
        {
            var input = ToolInput.Parse(_arguments.ToString())[ToolNames.Input].Text() ?? _arguments.ToString();
            item["input"] = input;
            yield return events.Text("custom_tool_call_input.delta", item, output, null, ("delta", input));
            yield return events.Text("custom_tool_call_input.done", item, output, null, ("input", input));
            yield return events.Item("done", output, item);
            yield break;
        }

        item["arguments"] = _arguments.ToString();
        _arguments.Clear();
        yield return events.Text(
            "function_call_arguments.done",
            item,
            output,
            null,
            ("name", item["name"]),
            ("arguments", item["arguments"])
        );
        yield return events.Item("done", output, item);
    }
}
