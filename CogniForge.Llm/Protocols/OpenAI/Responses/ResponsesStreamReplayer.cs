using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.OpenAI.Responses;

/// <summary>Writes a complete response as stream events.</summary>
internal static class ResponsesStreamReplayer
{
    /// <summary>Returns all events in OpenAI's order.</summary>
    public static IEnumerable<SseEvent> Replay(JsonObject response)
    {
        var events = new ResponsesEvents();
        var inProgress = With(
            response,
            ("status", "in_progress"),
            ("output", new JsonArray()),
            ("usage", null),
            ("incomplete_details", null),
            ("completed_at", null)
        );
        yield return events.Response("created", inProgress);
        yield return events.Response("in_progress", inProgress);
        foreach (var (index, item) in (response["output"] as JsonArray ?? []).OfType<JsonObject>().Index())
        {
            yield return events.Item(
                "added",
                index,
                With(
                    item,
                    ("status", "in_progress"),
                    ("content", new JsonArray()),
                    ("summary", new JsonArray()),
                    ("arguments", "")
                )
            );
            foreach (var part in Parts(events, index, item))
            {
                yield return part;
            }

            yield return events.Item("done", index, item);
        }

        yield return events.Response(
            response["status"].Text() == "incomplete" ? "incomplete" : "completed",
            response
        );
    }

    private static IEnumerable<SseEvent> Parts(ResponsesEvents events, int index, JsonObject item) =>
        [
            .. (item["summary"] as JsonArray ?? [])
                .OfType<JsonObject>()
                .Index()
                .SelectMany(p =>
                    Part(
                        events,
                        index,
                        item,
                        ("summary_index", p.Index),
                        p.Item,
                        "reasoning_summary_part",
                        "reasoning_summary_text",
                        "text"
                    )
                ),
            .. (item["content"] as JsonArray ?? [])
                .OfType<JsonObject>()
                .Index()
                .SelectMany(p =>
                    Part(
                        events,
                        index,
                        item,
                        ("content_index", p.Index),
                        p.Item,
                        "content_part",
                        p.Item["type"].Text(),
                        p.Item.ContainsKey("refusal") ? "refusal" : "text"
                    )
                ),
            .. item["arguments"] is null
                ? []
                : Text(events, index, item, null, item, "function_call_arguments", "arguments"),
        ];

    private static IEnumerable<SseEvent> Part(
        ResponsesEvents events,
        int index,
        JsonObject item,
        (string Name, int Value) position,
        JsonObject part,
        string partEvents,
        string? textEvents,
        string member
    )
    {
        yield return events.Text(
            $"{partEvents}.added",
            item,
            index,
            position,
            ("part", With(part, (member, ""), ("annotations", new JsonArray()), ("logprobs", new JsonArray())))
        );
        foreach (var text in textEvents is null ? [] : Text(events, index, item, position, part, textEvents, member))
        {
            yield return text;
        }

        foreach (var (i, annotation) in part["annotations"].Objects().Index())
        {
            yield return events.Text(
                "output_text.annotation.added",
                item,
                index,
                position,
                ("annotation_index", i),
                ("annotation", annotation)
            );
        }

        yield return events.Text($"{partEvents}.done", item, index, position, ("part", part));
    }

    private static IEnumerable<SseEvent> Text(
        ResponsesEvents events,
        int index,
        JsonObject item,
        (string Name, int Value)? position,
        JsonObject holder,
        string name,
        string member
    )
    {
        if (holder[member] is not JsonValue value || !value.TryGetValue(out string? text))
        {
            yield break;
        }

        (string, JsonNode?)[] logprobs =
            name == "output_text" ? [("logprobs", holder["logprobs"] ?? new JsonArray())] : [];
        if (text.Length > 0)
        {
            yield return events.Text($"{name}.delta", item, index, position, [("delta", text), .. logprobs]);
        }

        (string, JsonNode?)[] callee = member == "arguments" ? [("name", item["name"])] : [];
        yield return events.Text($"{name}.done", item, index, position, [.. callee, (member, text), .. logprobs]);
    }

    /// <summary>
    /// Copies an object and replaces the values of those members that it contains and that are not null.
    /// </summary>
    private static JsonObject With(JsonObject source, params (string Name, JsonNode? Value)[] members)
    {
        var copy = source.DeepClone().AsObject();
        foreach (var (name, value) in members.Where(m => copy[m.Name] is not null))
        {
            copy[name] = value;
        }

        return copy;
    }
}
