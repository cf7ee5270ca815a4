using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.OpenAI.Chat;

namespace CogniForge.Llm.Tests.Agents;

/// <summary>An agent of chat completions; returns the assistant's message with all its members.</summary>
internal sealed class ChatAgent(string model, bool stream) : AgentClient("/v1/chat/completions", model, stream)
{
    protected override JsonObject Request() =>
        new()
        {
            ["messages"] = History.DeepClone(),
            ["tools"] = JsonNode.Parse(
                """[{"type":"function","function":{"name":"look","parameters":{"type":"object","properties":{}}}}]"""
            ),
        };

    protected override IEnumerable<JsonObject> Results(string result) =>
        Calls.Select(c => new JsonObject
        {
            ["role"] = "tool",
            ["tool_call_id"] = c.Id,
            ["content"] = result,
        });

    protected override void Add(JsonObject response) =>
        AddMessage(response["choices"]![0]!["message"]!.DeepClone().AsObject());

    protected override void Add(IReadOnlyList<JsonObject> events)
    {
        var merger = new DeltaMerger();
        foreach (var delta in events.SelectMany(e => e["choices"]!.AsArray()).Select(c => c!["delta"]))
        {
            merger.Add(delta);
        }

        AddMessage(merger.ToJson()!.AsObject());
    }

    private void AddMessage(JsonObject message)
    {
        Text = (string?)message["content"] ?? "";
        foreach (var call in message["tool_calls"]?.AsArray() ?? [])
        {
            Calls.Add(((string)call!["id"]!, (string)call["function"]!["name"]!));
        }

        History.Add((JsonNode)message);
    }
}
