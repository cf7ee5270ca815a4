using System.Text;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.OpenAI.Responses;
using CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;

namespace CogniForge.Llm.Protocols.Translation.ResponsesToChat;

/// <summary>A call of a function, a custom tool or the client's tool search in progress.</summary>
internal sealed class CallItem(ResponsesEvents events, int output, JsonObject item)
{
    private readonly ToolArguments _arguments = new();
    private readonly StringBuilder _raw = new(); // of any other than a function

    private string? Type => item["type"].Text();

    public SseEvent Open() => events.Item("added", output, item);

    /// <summary>Appends a fragment. That of another tool's JSON means nothing before the end.</summary>
    public IEnumerable<SseEvent> Append(string arguments)
    {
        if (Type != "function_call")
        {
            _raw.Append(arguments);
            return [];
        }

        return Delta(_arguments.Add(arguments));
    }

    /// <param name="status">The item's final status.</param>
    public IEnumerable<SseEvent> Close(string status)
    {
        item["status"] = status;
        if (Type == ClientToolSearch.CallType)
        {
            item["arguments"] = ToolInput.Parse(_raw.ToString(), isTruncated: status != "completed");
            yield return events.Item("done", output, item);
            yield break;
        }

        if (Type == "custom_tool_call")
        {
            var input = ToolInput.Parse(_raw.ToString())[ToolNames.Input].Text() ?? _raw.ToString();
            item["input"] = input;
            yield return events.Text("custom_tool_call_input.delta", item, output, null, ("delta", input));
            yield return events.Text("custom_tool_call_input.done", item, output, null, ("input", input));
            yield return events.Item("done", output, item);
            yield break;
        }

        var arguments = _arguments.ToString();
        if (!_arguments.IsObject)
        {
            arguments = ToolInput.Convert(arguments) is { } converted ? ToolInput.Write(converted) : arguments;
            foreach (var delta in Delta(arguments))
            {
                yield return delta;
            }
        }

        item["arguments"] = arguments;
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

    private IEnumerable<SseEvent> Delta(string text) =>
        text.Length > 0 ? [events.Text("function_call_arguments.delta", item, output, null, ("delta", text))] : [];
}
