using System.Text.Json.Nodes;
using CogniForge.Llm.Domain.Protocols;

namespace CogniForge.Llm.Tests.Protocols.Messages;

/// <summary>Requests, answers and streams made of a seed.</summary>
internal sealed class Generated(int seed)
{
    private static readonly string[] _words = ["a", "Grüße", "日本", "😀", "\"quoted\"", "line\nbreak", "{", "\\", "</x>", "\u0001"];

    private readonly Random _random = new(seed);
    private int _calls;

    /// <summary>A conversation in which every tool call is answered.</summary>
    public JsonObject ChatRequest()
    {
        var messages = new JsonArray(Message("user", Text()));
        for (var i = _random.Next(8); i > 0; i--)
        {
            switch (_random.Next(5))
            {
                case 0:
                    messages.Add(Message(_random.Next(2) == 0 ? "system" : "developer", Text()));
                    break;
                case 1 or 2:
                    messages.Add(Message("user", _random.Next(2) == 0 ? Text() : Parts()));
                    break;
                default:
                    Assistant(messages);
                    break;
            }
        }

        var request = new JsonObject { ["model"] = "m", ["messages"] = messages, ["max_completion_tokens"] = _random.Next(1, 999), ["top_k"] = 3 };
        Maybe(() => request["stop"] = new JsonArray("x", "y"));
        Maybe(() => request["user"] = Text());
        Maybe(() => request["stream"] = true);
        Maybe(() => request["temperature"] = 0.25);
        Maybe(() => request["reasoning_effort"] = "high");
        Maybe(() =>
        {
            request["tools"] = new JsonArray(new JsonObject
            {
                ["type"] = "function",
                ["function"] = new JsonObject { ["name"] = "f", ["description"] = Text(), ["parameters"] = new JsonObject { ["type"] = "object" } },
            });
            request["tool_choice"] = Any("auto", "required", "none");
        });
        return request;
    }

    /// <summary>A message in the order and with the figures that a chat completion can say too.</summary>
    public JsonObject MessagesAnswer()
    {
        var content = new JsonArray();
        Maybe(() => content.Add(new JsonObject { ["type"] = "thinking", ["thinking"] = Text(), ["signature"] = "" }));
        Maybe(() => content.Add(new JsonObject { ["type"] = "text", ["text"] = Text() }));
        var calls = _random.Next(3);
        for (var i = 0; i < calls; i++)
        {
            content.Add(new JsonObject { ["type"] = "tool_use", ["id"] = $"toolu_{_calls++}", ["name"] = "f", ["input"] = Input() });
        }

        var output = _random.Next(1, 500);
        return new()
        {
            ["id"] = "msg_1",
            ["type"] = "message",
            ["role"] = "assistant",
            ["model"] = "m",
            ["content"] = content,
            ["stop_reason"] = Any("max_tokens", "refusal", calls > 0 ? "tool_use" : "end_turn"),
            ["stop_sequence"] = null,
            ["usage"] = new JsonObject
            {
                ["input_tokens"] = _random.Next(500),
                ["cache_creation_input_tokens"] = 7,
                ["cache_read_input_tokens"] = _random.Next(500),
                ["cache_creation"] = new JsonObject { ["ephemeral_5m_input_tokens"] = 7, ["ephemeral_1h_input_tokens"] = 0 },
                ["output_tokens"] = output,
                ["output_tokens_details"] = new JsonObject { ["thinking_tokens"] = _random.Next(output) },
            },
        };
    }

    /// <summary>The same stream, its deltas cut in pieces.</summary>
    public IEnumerable<SseEvent> Cut(IEnumerable<SseEvent> events)
    {
        foreach (var item in events)
        {
            var data = item.Data();
            var delta = data["delta"] as JsonObject;
            if (delta?.FirstOrDefault(m => m.Key is "text" or "thinking" or "partial_json").Key is not { } name)
            {
                yield return item;
                continue;
            }

            var runes = delta[name]!.GetValue<string>().EnumerateRunes().ToList();
            while (runes.Count > 0)
            {
                var length = _random.Next(1, runes.Count + 1);
                delta[name] = string.Concat(runes.Take(length));
                runes.RemoveRange(0, length);
                yield return SseEvent.Of(item.Name, data);
            }
        }
    }

    /// <summary>The body with some of its values exchanged, left out or repeated.</summary>
    public JsonObject Spoil(JsonObject body)
    {
        var result = (JsonObject)body.DeepClone();
        var nodes = Below(result).ToList();
        for (var i = _random.Next(1, 3); i > 0; i--)
        {
            var (container, key, index) = nodes[_random.Next(nodes.Count)];
            switch (container)
            {
                case JsonObject value when _random.Next(4) == 0:
                    value.Remove(key!);
                    break;
                case JsonObject value:
                    value[key!] = Odd();
                    break;
                case JsonArray array when index < array.Count && _random.Next(3) == 0:
                    array.Add(array[index]?.DeepClone());
                    break;
                case JsonArray array:
                    array[index] = Odd();
                    break;
            }
        }

        return result;
    }

    /// <summary>The bytes with some of them exchanged or left out.</summary>
    public byte[] Spoil(ReadOnlySpan<byte> data)
    {
        var bytes = data.ToArray().ToList();
        for (var i = _random.Next(1, 4); i > 0 && bytes.Count > 0; i--)
        {
            var at = _random.Next(bytes.Count);
            if (_random.Next(3) == 0)
            {
                bytes.RemoveAt(at);
            }
            else
            {
                bytes[at] = _random.Next(4) == 0 ? (byte)_random.Next(256) : "{}[]\",:\\u0dtn"u8[_random.Next(13)];
            }
        }

        return [.. bytes];
    }

    /// <summary>A number below a bound.</summary>
    public int Next(int bound) => _random.Next(bound);

    private static IEnumerable<(JsonNode Container, string? Key, int Index)> Below(JsonNode node) => node switch
    {
        JsonObject value => value.SelectMany(m => (IEnumerable<(JsonNode, string?, int)>)[(value, m.Key, 0), .. m.Value is null ? [] : Below(m.Value)]),
        JsonArray array => array.SelectMany((item, i) => (IEnumerable<(JsonNode, string?, int)>)[(array, null, i), .. item is null ? [] : Below(item)]),
        _ => [],
    };

    private JsonNode? Odd() => _random.Next(80) switch // what is no sound JSON is refused at once: rarely, so that the rest is seen
    {
        0 => JsonNode.Parse("\"\\ud800\""),
        1 => JsonNode.Parse("""{"a":1,"a":2}"""),
        2 => JsonNode.Parse("""{"\udc00":1}"""),
        3 => JsonNode.Parse(new string('[', 60) + new string(']', 60)),
        < 10 => null,
        < 15 => 5,
        < 20 => -1.5,
        < 25 => true,
        < 30 => "",
        < 35 => new JsonArray(),
        < 40 => new JsonObject(),
        < 45 => new JsonArray(new JsonObject()),
        < 50 => JsonNode.Parse("1e400"),
        < 75 => Any("user", "tool", "tool_result", "tool_use", "function", "image_url", "image", "text", "document", "json_schema", "data:,", "{\"a\":"),
        _ => long.MaxValue,
    };

    private void Assistant(JsonArray messages)
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = _random.Next(3) == 0 ? null : Text() };
        messages.Add(message);
        if (message["content"] is not null && _random.Next(2) == 0)
        {
            return;
        }

        var calls = new JsonArray();
        for (var i = _random.Next(1, 4); i > 0; i--)
        {
            var id = $"call_{_calls++}";
            calls.Add(new JsonObject { ["id"] = id, ["type"] = "function", ["function"] = new JsonObject { ["name"] = "f", ["arguments"] = Input().ToJsonString() } });
            messages.Add(new JsonObject { ["role"] = "tool", ["tool_call_id"] = id, ["content"] = _random.Next(2) == 0 ? Text() : new JsonArray(TextPart()) });
        }

        message["tool_calls"] = calls;
    }

    private JsonArray Parts()
    {
        var parts = new JsonArray(TextPart());
        Maybe(() => parts.Add(new JsonObject { ["type"] = "image_url", ["image_url"] = new JsonObject { ["url"] = Any("https://x/y.png", "data:image/png;base64,aGk=") } }));
        Maybe(() => parts.Add(TextPart()));
        Maybe(() => parts.Add(new JsonObject { ["type"] = "file", ["file"] = new JsonObject { ["filename"] = "a.pdf", ["file_data"] = "data:application/pdf;base64,aGk=" } }));
        return parts;
    }

    private JsonObject Input()
    {
        var input = new JsonObject();
        Maybe(() => input["text"] = Text());
        Maybe(() => input["list"] = new JsonArray(1, 2.5, null, true));
        return input;
    }

    private JsonObject TextPart() => new() { ["type"] = "text", ["text"] = Text() };

    private static JsonObject Message(string role, JsonNode content) => new() { ["role"] = role, ["content"] = content };

    private string Text() => string.Join(' ', Enumerable.Range(0, _random.Next(1, 5)).Select(_ => _words[_random.Next(_words.Length)]));

    private string Any(params string[] values) => values[_random.Next(values.Length)];

    private void Maybe(Action action)
    {
        if (_random.Next(2) == 0)
        {
            action();
        }
    }
}
