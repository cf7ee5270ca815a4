using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Tests.Fakes;

namespace CogniForge.Llm.Tests.Sdks;

/// <summary>A fake of Anthropic's messages API.</summary>
internal static class AnthropicWire
{
    public const string Key = "sk-ant-secret";

    /// <summary>Sends the response, streamed if requested. Rejects calls that Anthropic would reject.</summary>
    public static async Task RespondAsync(FakeCall call, ChatResponse response)
    {
        if (call.Headers["x-api-key"] != Key || call.Headers.ContainsKey("Authorization"))
        {
            await ErrorAsync(call, 401, "authentication_error", "invalid x-api-key");
            return;
        }

        if (FindError(call) is { } error)
        {
            await ErrorAsync(call, 400, "invalid_request_error", error);
            return;
        }

        call.SetHeader("request-id", "req_anthropic");
        if (!call.IsStream)
        {
            await call.JsonAsync(200, Message(call, response).ToJsonString());
            return;
        }

        foreach (var item in Events(call, response))
        {
            await call.WriteAsync(Frame(item));
        }
    }

    public static Task ErrorAsync(FakeCall call, int status, string type, string message)
    {
        call.SetHeader("request-id", "req_anthropic");
        return call.JsonAsync(status, Error(type, message).ToJsonString());
    }

    public static JsonObject Error(string type, string message) =>
        new()
        {
            ["type"] = "error",
            ["error"] = new JsonObject { ["type"] = type, ["message"] = message },
            ["request_id"] = "req_anthropic",
        };

    /// <summary>Formats an event with its <c>event:</c> line.</summary>
    public static string Frame(JsonObject item) => $"event: {item["type"]}\ndata: {item.ToJsonString()}\n\n";

    /// <summary>Reads a request body.</summary>
    public static ChatRequest Read(JsonElement element)
    {
        var body = JsonObject.Create(element)!;
        var choice = body["tool_choice"];
        return new()
        {
            System = body["system"] is JsonArray blocks ? Text(blocks.Single()!["text"]) : Text(body["system"]),
            Turns = [.. body["messages"]!.AsArray().Select(m => ParseTurn(m!))],
            Tools =
            [
                .. Items(body["tools"])
                    .Select(t => new ToolSpec(
                        Text(t["name"])!,
                        Text(t["description"])!,
                        t["input_schema"]!.ToJsonString()
                    )),
            ],
            Choice = Text(choice?["type"]) == "tool" ? Text(choice!["name"]) : Text(choice?["type"]),
            OneCallAtATime = choice?["disable_parallel_tool_use"]?.GetValue<bool>() ?? false,
            MaxTokens = body["max_tokens"]!.GetValue<int>(),
            Temperature = body["temperature"]?.GetValue<double>(),
            Stop = [.. Items(body["stop_sequences"]).Select(s => Text(s)!)],
            Schema = body["output_config"]?["format"]?["schema"]?.ToJsonString(),
            User = Text(body["metadata"]?["user_id"]),
        };
    }

    /// <summary>Returns all events of a stream.</summary>
    public static IEnumerable<JsonObject> Events(FakeCall call, ChatResponse response)
    {
        var startMessage = Message(call, response);
        startMessage["content"] = new JsonArray();
        startMessage["stop_reason"] = null;
        startMessage["usage"]!["output_tokens"] = 1;
        yield return new() { ["type"] = "message_start", ["message"] = startMessage };
        yield return new() { ["type"] = "ping" };
        var index = 0;
        foreach (var block in Content(response))
        {
            var isText = Text(block["type"]) == "text";
            var whole = isText ? Text(block["text"])! : block["input"]!.ToJsonString();
            var start = (JsonObject)block.DeepClone();
            start[isText ? "text" : "input"] = isText ? "" : new JsonObject();
            yield return new()
            {
                ["type"] = "content_block_start",
                ["index"] = index,
                ["content_block"] = start,
            };
            foreach (
                var piece in whole
                    .EnumerateRunes()
                    .Chunk(5)
                    .Select(runes => string.Concat(runes))
                    .Prepend(isText ? null : "")
            )
            {
                if (piece is not null)
                {
                    var delta = new JsonObject
                    {
                        ["type"] = isText ? "text_delta" : "input_json_delta",
                        [isText ? "text" : "partial_json"] = piece,
                    };
                    yield return new()
                    {
                        ["type"] = "content_block_delta",
                        ["index"] = index,
                        ["delta"] = delta,
                    };
                }
            }

            yield return new() { ["type"] = "content_block_stop", ["index"] = index++ };
        }

        yield return new()
        {
            ["type"] = "message_delta",
            ["delta"] = new JsonObject { ["stop_reason"] = Reason(response.FinishReason), ["stop_sequence"] = null },
            ["usage"] = new JsonObject { ["output_tokens"] = response.Tokens.Output },
        };
        yield return new() { ["type"] = "message_stop" };
    }

    /// <summary>The reason why Anthropic would reject a request; null if it would not.</summary>
    private static string? FindError(FakeCall call)
    {
        var roles = call
            .Body.GetProperty("messages")
            .EnumerateArray()
            .Select(m => m.GetProperty("role").GetString()!)
            .ToList();
        string[] unknown =
        [
            "max_completion_tokens",
            "stop",
            "stream_options",
            "response_format",
            "n",
            "user",
            "parallel_tool_calls",
        ];
        return !call.Headers.ContainsKey("anthropic-version") ? "anthropic-version: header is required"
            : !call.Body.TryGetProperty("max_tokens", out _) ? "max_tokens: Field required"
            : Array.Find(unknown, name => call.Body.TryGetProperty(name, out _)) is { } name
                ? $"{name}: Extra inputs are not permitted"
            : roles.Any(r => r is not ("user" or "assistant")) || roles[0] != "user"
                ? "messages: roles must be user and assistant, and the first must be user"
            : null;
    }

    private static Turn ParseTurn(JsonNode message)
    {
        var content =
            message["content"] as JsonArray
            ?? [new JsonObject { ["type"] = "text", ["text"] = Text(message["content"]) }];
        IEnumerable<JsonNode> Blocks(string type) => content.Select(b => b!).Where(b => Text(b["type"]) == type);
        return new(Text(message["role"])!, Blocks("text").Select(b => Text(b["text"])).FirstOrDefault())
        {
            Image = Blocks("image")
                .Select(b => new Image(Text(b["source"]!["media_type"])!, Text(b["source"]!["data"])!))
                .FirstOrDefault(),
            Calls =
            [
                .. Blocks("tool_use")
                    .Select(b => new ToolCall(Text(b["id"])!, Text(b["name"])!, b["input"]!.ToJsonString())),
            ],
            Results =
            [
                .. Blocks("tool_result")
                    .Select(b => new ToolResult(
                        Text(b["tool_use_id"])!,
                        b["content"] is JsonArray parts ? Text(parts.Single()!["text"])! : Text(b["content"])!
                    )),
            ],
        };
    }

    private static JsonObject Message(FakeCall call, ChatResponse response) =>
        new()
        {
            ["id"] = "msg_fake",
            ["type"] = "message",
            ["role"] = "assistant",
            ["model"] = response.Model.Length > 0 ? response.Model : call.Model,
            ["content"] = new JsonArray([.. Content(response)]),
            ["stop_reason"] = Reason(response.FinishReason),
            ["stop_sequence"] = null,
            ["usage"] = new JsonObject
            {
                ["input_tokens"] = response.Tokens.Input - response.Tokens.CacheRead - response.Tokens.CacheWrite,
                ["cache_creation_input_tokens"] = response.Tokens.CacheWrite,
                ["cache_read_input_tokens"] = response.Tokens.CacheRead,
                ["cache_creation"] = new JsonObject
                {
                    ["ephemeral_5m_input_tokens"] = response.Tokens.CacheWrite,
                    ["ephemeral_1h_input_tokens"] = 0,
                },
                ["output_tokens"] = response.Tokens.Output,
                ["service_tier"] = "standard",
            },
        };

    private static IEnumerable<JsonObject> Content(ChatResponse response)
    {
        if (response.Text.Length > 0)
        {
            yield return new() { ["type"] = "text", ["text"] = response.Text };
        }

        foreach (var call in response.Calls)
        {
            yield return new()
            {
                ["type"] = "tool_use",
                ["id"] = call.Id,
                ["name"] = call.Name,
                ["input"] = JsonNode.Parse(call.Arguments),
            };
        }
    }

    private static string Reason(FinishReason finish) =>
        finish switch
        {
            FinishReason.Length => "max_tokens",
            FinishReason.Calls => "tool_use",
            FinishReason.Refused => "refusal",
            _ => "end_turn",
        };

    private static IEnumerable<JsonNode> Items(JsonNode? array) => (array as JsonArray ?? []).Select(i => i!);

    private static string? Text(JsonNode? node) => node?.GetValue<string>();
}
