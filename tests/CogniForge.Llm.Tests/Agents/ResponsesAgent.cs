using System.Text.Json.Nodes;

namespace CogniForge.Llm.Tests.Agents;

/// <summary>An agent of OpenAI's responses; returns the items without their ids, as Codex does.</summary>
/// <param name="model">The model.</param>
/// <param name="stream">Whether it streams.</param>
/// <param name="onlySigned">Whether it returns only encrypted reasoning, as Vercel's AI SDK does.</param>
internal sealed class ResponsesAgent(string model, bool stream, bool onlySigned = false)
    : AgentClient("/v1/responses", model, stream)
{
    protected override JsonObject Request() =>
        new()
        {
            ["input"] = History.DeepClone(),
            ["store"] = false,
            ["include"] = new JsonArray("reasoning.encrypted_content"),
            ["tools"] = JsonNode.Parse(
                """[{"type":"function","name":"look","parameters":{"type":"object","properties":{}}}]"""
            ),
        };

    protected override IEnumerable<JsonObject> Results(string result) =>
        Calls.Select(c => new JsonObject
        {
            ["type"] = "function_call_output",
            ["call_id"] = c.Id,
            ["output"] = result,
        });

    protected override void Add(JsonObject response) =>
        AddItems(response["output"]!.AsArray().Select(i => i!.AsObject()));

    protected override void Add(IReadOnlyList<JsonObject> events) =>
        AddItems(
            events.Where(e => (string?)e["type"] == "response.output_item.done").Select(e => e["item"]!.AsObject())
        );

    private void AddItems(IEnumerable<JsonObject> items)
    {
        foreach (var item in items)
        {
            var kept = Pick(
                item,
                "type",
                "role",
                "summary",
                "content",
                "encrypted_content",
                "call_id",
                "name",
                "namespace",
                "arguments"
            );
            if (onlySigned && (string?)kept["type"] == "reasoning")
            {
                kept.Remove("content");
                if (kept["encrypted_content"] is null)
                {
                    continue;
                }
            }

            if ((string?)kept["type"] == "message")
            {
                Text += string.Concat(kept["content"]!.AsArray().Select(p => (string?)p!["text"]));
            }
            else if ((string?)kept["type"] == "function_call")
            {
                Calls.Add(((string)kept["call_id"]!, (string)kept["name"]!));
            }

            History.Add((JsonNode)kept);
        }
    }
}
