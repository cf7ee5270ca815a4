using System.Text;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.OpenAI.Responses;

namespace CogniForge.Llm.Protocols.Translation.ResponsesToChat;

/// <summary>A function call item in progress.</summary>
internal sealed class CallItem(ResponsesEvents events, int output, JsonObject item)
{
    private readonly StringBuilder _arguments = new();

    /// <summary>The call id, which the call's result refers to.</summary>
    public string? Id => item["call_id"].Text();

    public SseEvent Open() => events.Item("added", output, item);

    public SseEvent Append(string arguments)
    {
        _arguments.Append(arguments);
        return events.Text("function_call_arguments.delta", item, output, null, ("delta", arguments));
    }

    /// <param name="status">The item's final status.</param>
    public IEnumerable<SseEvent> Close(string status)
    {
        item["arguments"] = _arguments.ToString();
        item["status"] = status;
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
