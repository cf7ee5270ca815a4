using System.Text.Json.Nodes;
using CogniForge.Llm.Tests.Fakes;

namespace CogniForge.Llm.Tests.Agents;

/// <summary>An <see cref="InsistingModel"/> behind chat completions.</summary>
internal sealed class InsistingChat(InsistingModel model)
{
    public async Task RespondAsync(FakeCall call, JsonObject body)
    {
        var turns = body["messages"]!
            .AsArray()
            .Select(m => m!.AsObject())
            .Where(m => (string?)m["role"] == "assistant")
            .ToList();
        foreach (var (turn, message) in turns.Index())
        {
            var holder = model.IsInCall ? message["tool_calls"]![0]!.AsObject() : message;
            if (!InsistingModel.Has(holder, Members(turn)) || message.Any(m => !IsKnown(m.Key)))
            {
                await InsistingModel.RejectAsync(call, message);
                return;
            }
        }

        var response = Message(turns.Count);
        if (!call.IsStream)
        {
            await call.JsonAsync(200, Envelope("message", response, "stop"));
            return;
        }

        foreach (var (name, value) in response)
        {
            var delta = new JsonObject { [name] = value!.DeepClone() };
            await call.DataAsync(Envelope("delta", delta, null));
        }

        await call.DataAsync(Envelope("delta", [], "stop"));
        await call.DoneAsync();
    }

    // OpenAI's chat completions have no reasoning, and reject unknown members.
    private JsonObject Members(int turn) => model.Provider == "openai" ? [] : model.ForTurn(turn).AsObject();

    private bool IsKnown(string member) =>
        model.Provider != "openai" || member is "role" or "content" or "tool_calls" or "refusal";

    private JsonObject Message(int turn)
    {
        var message = new JsonObject { ["role"] = "assistant" };
        if (turn == 2)
        {
            message["content"] = "done";
            return message;
        }

        var call = new JsonObject
        {
            ["index"] = 0,
            ["id"] = $"call_{turn}",
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = "look", ["arguments"] = "{}" },
        };
        foreach (var (name, value) in Members(turn))
        {
            (model.IsInCall ? call : message)[name] = value!.DeepClone();
        }

        message["tool_calls"] = new JsonArray(call);
        return message;
    }

    private static string Envelope(string member, JsonObject message, string? finish) =>
        new JsonObject
        {
            ["id"] = "chatcmpl-1",
            ["object"] = "chat.completion",
            ["created"] = 1,
            ["model"] = "m",
            ["choices"] = new JsonArray(
                new JsonObject
                {
                    ["index"] = 0,
                    [member] = message.DeepClone(),
                    ["finish_reason"] = finish,
                }
            ),
            ["usage"] = new JsonObject { ["prompt_tokens"] = 1, ["completion_tokens"] = 1 },
        }.ToJsonString();
}
