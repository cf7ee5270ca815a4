using System.Text.Json.Nodes;

namespace CogniForge.Llm.Protocols.OpenAI.Responses;

/// <summary>Creates the numbered events of one response's stream. Not thread-safe.</summary>
internal sealed class ResponsesEvents
{
    private int _sequence;

    /// <summary>Creates an event with the whole response.</summary>
    /// <param name="name">The name without its prefix, e.g. <c>created</c>.</param>
    /// <param name="response">The current state of the response.</param>
    public SseEvent Response(string name, JsonObject response) =>
        Event($"response.{name}", new() { ["response"] = response.DeepClone() });

    /// <summary>Creates an <c>output_item.added</c> or <c>output_item.done</c> event.</summary>
    public SseEvent Item(string name, int output, JsonObject item) =>
        Event($"response.output_item.{name}", new() { ["output_index"] = output, ["item"] = item.DeepClone() });

    /// <summary>Creates an event for a text or a part of an item.</summary>
    /// <param name="name">The name without its prefix, e.g. <c>output_text.delta</c>.</param>
    /// <param name="item">The item.</param>
    /// <param name="output">The index of the item.</param>
    /// <param name="part">The name and value of the part's index; null if the item has no parts.</param>
    /// <param name="members">Further members of the event.</param>
    public SseEvent Text(
        string name,
        JsonObject item,
        int output,
        (string Name, int Value)? part,
        params (string Name, JsonNode? Value)[] members
    )
    {
        var data = new JsonObject { ["item_id"] = item["id"]?.DeepClone(), ["output_index"] = output };
        if (part is { } index)
        {
            data[index.Name] = index.Value;
        }

        foreach (var (member, value) in members)
        {
            data[member] = value?.DeepClone();
        }

        return Event($"response.{name}", data);
    }

    private SseEvent Event(string type, JsonObject data)
    {
        data.Insert(0, "type", type);
        data.Insert(1, "sequence_number", _sequence++);
        return SseEvent.Create(type, data);
    }
}
