using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.OpenAI.Chat;

/// <summary>
/// Writes a <c>chat.completion</c> as chunks: for each choice its role, the parts of its message and its end, then the
/// usage.
/// </summary>
internal static class ChatStreamReplayer
{
    /// <summary>
    /// The members of a message in the order in which a model generates them; "" stands for all others.
    /// </summary>
    private static readonly string[] _order =
    [
        "reasoning_content",
        "reasoning",
        "content",
        "refusal",
        "",
        "tool_calls",
    ];

    /// <summary>Returns the chunks, without <c>[DONE]</c>.</summary>
    public static IEnumerable<SseEvent> Replay(JsonObject response)
    {
        foreach (var (position, choice) in (response["choices"] as JsonArray ?? []).OfType<JsonObject>().Index())
        {
            foreach (var part in Parts(choice, position))
            {
                yield return Chunk(response, part, null);
            }
        }

        if (response["usage"] is JsonObject usage)
        {
            yield return Chunk(response, null, usage);
        }
    }

    private static SseEvent Chunk(JsonObject response, JsonObject? choice, JsonObject? usage)
    {
        var chunk = Copy(response.Where(m => m.Key is not ("choices" or "usage")));
        chunk["object"] = "chat.completion.chunk";
        chunk["choices"] = choice is null ? [] : new JsonArray(choice);
        if (usage is not null)
        {
            chunk["usage"] = usage.DeepClone();
        }

        return SseEvent.Create(null, chunk);
    }

    private static IEnumerable<JsonObject> Parts(JsonObject choice, int position)
    {
        var index = choice["index"].Int32() ?? position;
        var message = choice["message"] as JsonObject ?? [];

        // The first delta has the role and the null members, and an empty content if content follows.
        var first = Copy(message.Where(m => m.Key == "role" || m.Value is null));
        if (message["content"] is JsonValue)
        {
            first["content"] = "";
        }

        yield return Part(index, first);

        var others = Copy(choice.Where(m => m.Key is not ("message" or "index")));
        foreach (
            var delta in message
                .Where(m => m.Key != "role" && m.Value is not null)
                .OrderBy(m => Rank(m.Key))
                .SelectMany(Deltas)
        )
        {
            var part = Part(index, delta);
            if (delta.ContainsKey("content") && others["logprobs"] is JsonObject logprobs)
            {
                others.Remove("logprobs");
                part["logprobs"] = logprobs;
            }

            yield return part;
        }

        others["index"] = index;
        others["delta"] = new JsonObject();
        yield return others;
    }

    private static JsonObject Part(int index, JsonObject delta) =>
        new()
        {
            ["index"] = index,
            ["delta"] = delta,
            ["finish_reason"] = null,
        };

    private static IEnumerable<JsonObject> Deltas(KeyValuePair<string, JsonNode?> member)
    {
        if (member is not { Key: "tool_calls", Value: JsonArray { Count: > 0 } calls })
        {
            return [new() { [member.Key] = member.Value?.DeepClone() }];
        }

        return calls
            .Index()
            .Select(call =>
            {
                var delta = call.Item is JsonObject members ? Copy(members) : [];
                delta["index"] = call.Index;
                return new JsonObject { [member.Key] = new JsonArray(delta) };
            });
    }

    private static int Rank(string name) =>
        Array.IndexOf(_order, name) is >= 0 and var rank ? rank : Array.IndexOf(_order, "");

    private static JsonObject Copy(IEnumerable<KeyValuePair<string, JsonNode?>> members) =>
        new(members.Select(m => KeyValuePair.Create(m.Key, m.Value?.DeepClone())));
}
