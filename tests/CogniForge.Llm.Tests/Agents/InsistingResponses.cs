using System.Text.Json.Nodes;
using CogniForge.Llm.Tests.Fakes;

namespace CogniForge.Llm.Tests.Agents;

/// <summary>An <see cref="InsistingModel"/> behind OpenAI's responses.</summary>
internal sealed class InsistingResponses(InsistingModel model)
{
    public async Task RespondAsync(FakeCall call, JsonObject body)
    {
        var input = body["input"]!.AsArray();
        var reasoning = input.Where(i => (string?)i!["type"] == "reasoning").ToList();
        var turn = input.Count(i => (string?)i!["type"] == "function_call");
        if (
            reasoning.Count != turn
            || reasoning
                .Index()
                .Any(r => !InsistingModel.Has(r.Item!.AsObject(), model.ForTurn(r.Index)[0]!.AsObject()))
        )
        {
            await InsistingModel.RejectAsync(call, input);
            return;
        }

        var output = turn == 2 ? new JsonArray(Text()) : [model.ForTurn(turn)[0]!.DeepClone(), Call(turn)];
        var response = new JsonObject
        {
            ["id"] = "resp_1",
            ["object"] = "response",
            ["created_at"] = 1,
            ["model"] = "m",
            ["status"] = "completed",
            ["output"] = output,
            ["usage"] = new JsonObject { ["input_tokens"] = 1, ["output_tokens"] = 1, ["total_tokens"] = 2 },
        };
        if (!call.IsStream)
        {
            await call.JsonAsync(200, response.ToJsonString());
            return;
        }

        await SendAsync(call, "response.created", new() { ["response"] = response.DeepClone() });
        foreach (var (index, item) in output.Index())
        {
            await SendAsync(
                call,
                "response.output_item.done",
                new() { ["output_index"] = index, ["item"] = item!.DeepClone() }
            );
        }

        await SendAsync(call, "response.completed", new() { ["response"] = response.DeepClone() });
    }

    private static JsonObject Text() =>
        new()
        {
            ["type"] = "message",
            ["role"] = "assistant",
            ["content"] = new JsonArray(new JsonObject { ["type"] = "output_text", ["text"] = "done" }),
        };

    private static JsonObject Call(int turn) =>
        new()
        {
            ["type"] = "function_call",
            ["call_id"] = $"call_{turn}",
            ["name"] = "look",
            ["arguments"] = "{}",
        };

    private static Task SendAsync(FakeCall call, string type, JsonObject data)
    {
        data["type"] = type;
        return call.WriteAsync($"event: {type}\ndata: {data.ToJsonString()}\n\n");
    }
}
