using System.Text;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.OpenAI.Responses;

namespace CogniForge.Llm.Protocols.Translation.ResponsesToChat;

/// <summary>A function call that is being written.</summary>
internal sealed class CallItem(ResponsesEvents events, int output, JsonObject item)
{
    private readonly StringBuilder _arguments = new();

    /// <summary>The id by which its result will name it.</summary>
    public string? Id => JsonNodeExtensions.Text(item["call_id"]);

    /// <summary>The first event.</summary>
    public SseEvent Open() => events.Item("added", output, item);

    /// <summary>Adds to the arguments.</summary>
    public SseEvent Append(string arguments)
    {
        _arguments.Append(arguments);
        return events.Text("function_call_arguments.delta", item, output, null, ("delta", arguments));
    }

    /// <summary>The last events.</summary>
    /// <param name="status">The item's status.</param>
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
