using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;

namespace CogniForge.Llm.Protocols.Anthropic;

/// <summary>Writes a complete message as a stream.</summary>
internal static class MessagesStreamReplayer
{
    // These members are known only at the end of a stream.
    private static readonly string[] _atEnd = ["stop_reason", "stop_sequence", "stop_details"];

    /// <exception cref="JsonException">The response is not a message.</exception>
    public static IEnumerable<SseEvent> Replay(JsonObject response) =>
        JsonField.ReadProvider(StrictJson.Copy(response), message => Events(message).ToList());

    private static IEnumerable<SseEvent> Events(JsonField message)
    {
        var start = message.Object()!;
        var usage = message["usage"].Copy();
        var content = message["content"].Items();
        var delta = new JsonObject();
        foreach (var name in _atEnd.Where(start.ContainsKey))
        {
            delta[name] = start[name]?.DeepClone();
            start[name] = null;
        }

        start["content"] = new JsonArray();
        yield return MessagesEvents.Start(start);
        foreach (var (index, block) in content.Index())
        {
            var deltas = CreateDeltas(block); // removes from the block what the deltas carry
            yield return MessagesEvents.BlockStart(index, (JsonObject)block.Copy()!);
            foreach (var (type, member, value) in deltas)
            {
                yield return MessagesEvents.BlockDelta(index, type, member, value);
            }

            yield return MessagesEvents.BlockStop(index);
        }

        yield return MessagesEvents.Delta(delta, usage);
        yield return MessagesEvents.Stop();
    }

    private static List<(string Type, string Member, JsonNode Value)> CreateDeltas(JsonField block)
    {
        var start = block.Object() ?? throw block.Invalid("must be an object");
        var deltas = new List<(string, string, JsonNode)>();
        switch (block["type"].Text())
        {
            case "text":
                Take("text", "text_delta", "text");
                if (block["citations"].Value is JsonArray citations)
                {
                    start["citations"] = new JsonArray();
                    deltas.AddRange(
                        citations.Where(c => c is not null).Select(c => ("citations_delta", "citation", c!.DeepClone()))
                    );
                }

                break;
            case "thinking":
                Take("thinking", "thinking_delta", "thinking");
                Take("signature", "signature_delta", "signature");
                break;
            case "tool_use" or "server_tool_use" or "mcp_tool_use" when start["input"] is JsonObject input:
                start["input"] = new JsonObject();
                deltas.Add(("input_json_delta", "partial_json", ToolInput.Write(input)));
                break;
        }

        return deltas;

        void Take(string name, string type, string member)
        {
            if (block[name] is { IsText: true } field && field.RequiredText() is { Length: > 0 } text)
            {
                start[name] = "";
                deltas.Add((type, member, text));
            }
        }
    }
}
