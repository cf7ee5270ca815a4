using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Tests.Fakes;

namespace CogniForge.Llm.Tests.Sdks;

/// <summary>A fake of OpenAI's chat completions API.</summary>
internal static class OpenAiWire
{
    public const string Key = "sk-openai-secret";

    /// <summary>Sends the response, streamed if requested. Rejects calls that OpenAI would reject.</summary>
    public static async Task RespondAsync(FakeCall call, ChatResponse response)
    {
        if (call.Headers.Authorization != $"Bearer {Key}" || call.Headers.ContainsKey("x-api-key"))
        {
            await call.ErrorAsync(401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided.");
            return;
        }

        call.SetHeader("x-request-id", "req_openai");
        if (!call.IsStream)
        {
            await call.JsonAsync(200, Completion(call.Model, response).ToJsonString());
            return;
        }

        foreach (var chunk in Chunks(call, response))
        {
            await call.DataAsync(chunk.ToJsonString());
        }

        await call.DoneAsync();
    }

    /// <summary>Reads a request body.</summary>
    public static ChatRequest Read(JsonElement element)
    {
        var body = JsonObject.Create(element)!;
        var messages = body["messages"]!.AsArray().Select(m => m!.AsObject()).ToList();
        var format = body["response_format"];
        return new()
        {
            System = messages.FirstOrDefault(m => Text(m["role"]) is "system" or "developer") is { } system
                ? Text(system["content"])
                : null,
            Turns = [.. Turns(messages)],
            Tools =
            [
                .. Items(body["tools"])
                    .Select(t => t["function"]!)
                    .Select(f => new ToolSpec(
                        Text(f["name"])!,
                        Text(f["description"])!,
                        f["parameters"]!.ToJsonString()
                    )),
            ],
            Choice =
                body["tool_choice"] is JsonObject named ? Text(named["function"]!["name"])
                : Text(body["tool_choice"]) is "required" ? "any"
                : Text(body["tool_choice"]),
            OneCallAtATime = body["parallel_tool_calls"] is { } parallel && !parallel.GetValue<bool>(),
            MaxTokens = (body["max_completion_tokens"] ?? body["max_tokens"])!.GetValue<int>(),
            Temperature = body["temperature"]?.GetValue<double>(),
            Stop = [.. (body["stop"] as JsonArray ?? []).Select(s => Text(s)!)],
            Schema = format?["json_schema"]?["schema"]?.ToJsonString(),
            User = Text(body["user"]),
        };
    }

    private static IEnumerable<Turn> Turns(List<JsonObject> messages)
    {
        var results = new List<ToolResult>();
        foreach (var message in messages.Where(m => Text(m["role"]) is not ("system" or "developer")))
        {
            if (Text(message["role"]) == "tool")
            {
                results.Add(new(Text(message["tool_call_id"])!, GetText(message["content"])!));
                continue;
            }

            if (results.Count > 0)
            {
                yield return new("user", null) { Results = [.. results] };
                results.Clear();
            }

            yield return new(Text(message["role"])!, GetText(message["content"]))
            {
                Image = (message["content"] as JsonArray)?.FirstOrDefault(p => Text(p!["type"]) == "image_url")
                    is { } image
                    ? ParseImage(Text(image["image_url"]!["url"])!)
                    : null,
                Calls =
                [
                    .. Items(message["tool_calls"])
                        .Select(c => new ToolCall(
                            Text(c["id"])!,
                            Text(c["function"]!["name"])!,
                            Text(c["function"]!["arguments"])!
                        )),
                ],
            };
        }

        if (results.Count > 0)
        {
            yield return new("user", null) { Results = results };
        }
    }

    private static JsonObject Completion(string model, ChatResponse response)
    {
        var message = new JsonObject
        {
            ["role"] = "assistant",
            ["content"] = response.Text is { Length: > 0 } text ? text : null,
            ["refusal"] = null,
            ["annotations"] = new JsonArray(),
        };
        if (response.Calls.Count > 0)
        {
            message["tool_calls"] = new JsonArray([.. response.Calls.Select(c => Tool(c.Id, c.Name, c.Arguments))]);
        }

        return Envelope(
            "chat.completion",
            model,
            response,
            new()
            {
                ["index"] = 0,
                ["message"] = message,
                ["logprobs"] = null,
                ["finish_reason"] = Reason(response.FinishReason),
            },
            Usage(response.Tokens)
        );
    }

    /// <summary>Returns all chunks of a stream, without its terminator.</summary>
    public static IEnumerable<JsonObject> Chunks(FakeCall call, ChatResponse response)
    {
        yield return Chunk(
            new()
            {
                ["role"] = "assistant",
                ["content"] = "",
                ["refusal"] = null,
            }
        );
        foreach (var piece in Pieces(response.Text))
        {
            yield return Chunk(new() { ["content"] = piece });
        }

        foreach (var (i, tool) in response.Calls.Index())
        {
            var first = Tool(tool.Id, tool.Name, "");
            first.Insert(0, "index", i);
            yield return Chunk(new() { ["tool_calls"] = new JsonArray(first) });
            foreach (var piece in Pieces(tool.Arguments))
            {
                yield return Chunk(
                    new()
                    {
                        ["tool_calls"] = new JsonArray(
                            new JsonObject
                            {
                                ["index"] = i,
                                ["function"] = new JsonObject { ["arguments"] = piece },
                            }
                        ),
                    }
                );
            }
        }

        yield return Chunk([], Reason(response.FinishReason));
        if (WantsUsage(call))
        {
            var last = Envelope("chat.completion.chunk", call.Model, response, null, Usage(response.Tokens));
            last["choices"] = new JsonArray();
            yield return last;
        }

        JsonObject Chunk(JsonObject delta, string? reason = null)
        {
            var chunk = Envelope(
                "chat.completion.chunk",
                call.Model,
                response,
                new()
                {
                    ["index"] = 0,
                    ["delta"] = delta,
                    ["logprobs"] = null,
                    ["finish_reason"] = reason,
                },
                null
            );
            chunk["obfuscation"] = "x7Q";
            return chunk;
        }
    }

    private static bool WantsUsage(FakeCall call) =>
        call.Body.TryGetProperty("stream_options", out var options)
        && options.TryGetProperty("include_usage", out var include)
        && include.GetBoolean();

    private static JsonObject Envelope(
        string kind,
        string model,
        ChatResponse response,
        JsonObject? choice,
        JsonObject? usage
    ) =>
        new()
        {
            ["id"] = "chatcmpl-fake",
            ["object"] = kind,
            ["created"] = 1795263003,
            ["model"] = response.Model.Length > 0 ? response.Model : model,
            ["choices"] = new JsonArray(choice),
            ["usage"] = usage,
            ["service_tier"] = "default",
            ["system_fingerprint"] = "fp_fake",
        };

    private static JsonObject Usage(Tokens tokens) =>
        new()
        {
            ["prompt_tokens"] = tokens.Input,
            ["completion_tokens"] = tokens.Output,
            ["total_tokens"] = tokens.Input + tokens.Output,
            ["prompt_tokens_details"] = new JsonObject
            {
                ["cached_tokens"] = tokens.CacheRead,
                ["cache_write_tokens"] = tokens.CacheWrite,
                ["audio_tokens"] = 0,
            },
            ["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = 0, ["audio_tokens"] = 0 },
        };

    private static JsonObject Tool(string id, string name, string arguments) =>
        new()
        {
            ["id"] = id,
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = name, ["arguments"] = arguments },
        };

    private static string Reason(FinishReason finish) =>
        finish switch
        {
            FinishReason.Length => "length",
            FinishReason.Calls => "tool_calls",
            FinishReason.Refused => "content_filter",
            _ => "stop",
        };

    private static IEnumerable<string> Pieces(string text) =>
        text.EnumerateRunes().Chunk(5).Select(runes => string.Concat(runes));

    private static IEnumerable<JsonNode> Items(JsonNode? array) => (array as JsonArray ?? []).Select(i => i!);

    private static string? GetText(JsonNode? content) =>
        content is JsonArray parts
            ? Text(parts.FirstOrDefault(p => Text(p!["type"]) == "text")?["text"])
            : Text(content);

    private static string? Text(JsonNode? node) => node?.GetValue<string>();

    private static Image ParseImage(string url) =>
        url.Split([':', ';', ',']) is ["data", var type, "base64", var data]
            ? new(type, data)
            : throw new FormatException(url);
}
