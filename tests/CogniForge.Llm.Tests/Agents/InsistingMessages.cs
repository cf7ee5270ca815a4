using System.Text.Json.Nodes;
using CogniForge.Llm.Tests.Fakes;

namespace CogniForge.Llm.Tests.Agents;

/// <summary>An <see cref="InsistingModel"/> behind Anthropic's messages.</summary>
internal sealed class InsistingMessages(InsistingModel model)
{
    public async Task RespondAsync(FakeCall call, JsonObject body)
    {
        var turns = body["messages"]!
            .AsArray()
            .Where(m => (string?)m!["role"] == "assistant")
            .Select(m => m!["content"]!.AsArray())
            .ToList();
        foreach (var (turn, blocks) in turns.Index())
        {
            var reasoning = new JsonArray([.. blocks.SkipLast(1).Select(b => b!.DeepClone())]);
            if (!JsonNode.DeepEquals(model.ForTurn(turn), reasoning))
            {
                await InsistingModel.RejectAsync(call, blocks);
                return;
            }
        }

        var content = model.ForTurn(turns.Count).AsArray();
        content.Add(
            turns.Count == 2
                ? new JsonObject { ["type"] = "text", ["text"] = "done" }
                : new JsonObject
                {
                    ["type"] = "tool_use",
                    ["id"] = $"toolu_{turns.Count}",
                    ["name"] = "look",
                    ["input"] = new JsonObject(),
                }
        );
        var message = new JsonObject
        {
            ["id"] = "msg_1",
            ["type"] = "message",
            ["role"] = "assistant",
            ["model"] = "m",
            ["content"] = content,
            ["stop_reason"] = "end_turn",
            ["usage"] = new JsonObject { ["input_tokens"] = 1, ["output_tokens"] = 1 },
        };
        await (call.IsStream ? StreamAsync(call, message) : call.JsonAsync(200, message.ToJsonString()));
    }

    private static async Task StreamAsync(FakeCall call, JsonObject message)
    {
        var start = message.DeepClone().AsObject();
        start["content"] = new JsonArray();
        await SendAsync(call, "message_start", new() { ["message"] = start });
        foreach (var (index, block) in message["content"]!.AsArray().Index())
        {
            var opening = block!.DeepClone().AsObject();
            var texts = opening.Where(m => m.Key is "thinking" or "signature" or "text").ToList();
            texts.ForEach(t => opening[t.Key] = "");
            await SendAsync(call, "content_block_start", new() { ["index"] = index, ["content_block"] = opening });
            foreach (var (name, text) in texts)
            {
                var delta = new JsonObject { ["type"] = $"{name}_delta", [name] = text!.DeepClone() };
                await SendAsync(call, "content_block_delta", new() { ["index"] = index, ["delta"] = delta });
            }

            await SendAsync(call, "content_block_stop", new() { ["index"] = index });
        }

        await SendAsync(
            call,
            "message_delta",
            new()
            {
                ["delta"] = new JsonObject { ["stop_reason"] = "end_turn" },
                ["usage"] = new JsonObject { ["output_tokens"] = 1 },
            }
        );
        await SendAsync(call, "message_stop", []);
    }

    private static Task SendAsync(FakeCall call, string type, JsonObject data)
    {
        data["type"] = type;
        return call.WriteAsync($"event: {type}\ndata: {data.ToJsonString()}\n\n");
    }
}
