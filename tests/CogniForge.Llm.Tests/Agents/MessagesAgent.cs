using System.Text.Json.Nodes;

namespace CogniForge.Llm.Tests.Agents;

/// <summary>An agent of Anthropic's messages; returns the blocks with the members that Anthropic documents.</summary>
/// <param name="model">The model.</param>
/// <param name="stream">Whether it streams.</param>
/// <param name="onlySigned">Whether it drops thinking without a signature, as Vercel's AI SDK does.</param>
internal sealed class MessagesAgent(string model, bool stream, bool onlySigned = false)
    : AgentClient("/v1/messages", model, stream)
{
    protected override JsonObject Request() =>
        new()
        {
            ["max_tokens"] = 1000,
            ["messages"] = History.DeepClone(),
            ["tools"] = JsonNode.Parse("""[{"name":"look","input_schema":{"type":"object","properties":{}}}]"""),
        };

    protected override IEnumerable<JsonObject> Results(string result) =>
        [
            new()
            {
                ["role"] = "user",
                ["content"] = new JsonArray([
                    .. Calls.Select(c => new JsonObject
                    {
                        ["type"] = "tool_result",
                        ["tool_use_id"] = c.Id,
                        ["content"] = result,
                    }),
                ]),
            },
        ];

    protected override void Add(JsonObject response) =>
        AddBlocks(response["content"]!.AsArray().Select(b => b!.AsObject()));

    protected override void Add(IReadOnlyList<JsonObject> events)
    {
        var blocks = new List<JsonObject>();
        foreach (var item in events)
        {
            if ((string?)item["type"] == "content_block_start")
            {
                blocks.Add(item["content_block"]!.DeepClone().AsObject());
            }
            else if ((string?)item["type"] == "content_block_delta")
            {
                // The blocks are in order, and one ends before the next begins.
                Assert.Equal(blocks.Count - 1, (int)item["index"]!);
                foreach (var (name, value) in item["delta"]!.AsObject().Where(m => m.Key != "type"))
                {
                    blocks[^1][name] = (string?)blocks[^1][name] + (string?)value;
                }
            }
        }

        foreach (var call in blocks.Where(b => b.ContainsKey("partial_json")))
        {
            call["input"] = JsonNode.Parse((string)call["partial_json"]!);
        }

        AddBlocks(blocks);
    }

    private void AddBlocks(IEnumerable<JsonObject> blocks)
    {
        var kept = blocks
            .Select(b => Pick(b, "type", "text", "thinking", "signature", "data", "id", "name", "input"))
            .Where(b => !onlySigned || (string?)b["type"] != "thinking" || (string?)b["signature"] is not (null or ""))
            .ToList();
        Text = string.Concat(kept.Select(b => (string?)b["text"]));
        Calls.AddRange(
            kept.Where(b => (string?)b["type"] == "tool_use").Select(b => ((string)b["id"]!, (string)b["name"]!))
        );
        History.Add((JsonNode)new JsonObject { ["role"] = "assistant", ["content"] = new JsonArray([.. kept]) });
    }
}
