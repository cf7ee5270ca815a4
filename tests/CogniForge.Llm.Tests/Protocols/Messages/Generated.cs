using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.Tests.Protocols.Messages;

/// <summary>Random requests, responses and streams from a seed.</summary>
internal sealed class Generated(int seed)
{
    private static readonly string[] _words =
    [
        "a",
        "Grüße",
        "日本",
        "😀",
        "\"quoted\"",
        "line\nbreak",
        "{",
        "\\",
        "</x>",
        "\u0001",
    ];

    private readonly Random _random = new(seed);
    private int _calls;

    /// <summary>A conversation in which every tool call has a result.</summary>
    public JsonObject ChatRequest()
    {
        var messages = new JsonArray();
        Maybe(() => messages.Add(Message("system", Text())));
        messages.Add(Message("user", Text()));
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

        var request = new JsonObject
        {
            ["model"] = "m",
            ["messages"] = messages,
            ["max_completion_tokens"] = _random.Next(1, 999),
            ["top_k"] = 3,
        };
        Maybe(() => request["stop"] = new JsonArray("x", "y"));
        Maybe(() => request["user"] = Text());
        Maybe(() => request["stream"] = true);
        Maybe(() => request["temperature"] = 0.25);
        Maybe(() => request["reasoning_effort"] = "high");
        Maybe(() =>
        {
            request["tools"] = new JsonArray(
                new JsonObject
                {
                    ["type"] = "function",
                    ["function"] = new JsonObject
                    {
                        ["name"] = "f",
                        ["description"] = Text(),
                        ["parameters"] = new JsonObject
                        {
                            ["type"] = "object",
                            ["properties"] = new JsonObject(),
                        },
                    },
                }
            );
            request["tool_choice"] = Any("auto", "required", "none");
        });
        return request;
    }

    /// <summary>A message with only what a chat completion supports too, in its order.</summary>
    public JsonObject MessagesResponse()
    {
        var content = new JsonArray();
        Maybe(() =>
            content.Add(
                new JsonObject
                {
                    ["type"] = "thinking",
                    ["thinking"] = Text(),
                    ["signature"] = "reasoning_text:",
                }
            )
        );
        Maybe(() => content.Add(new JsonObject { ["type"] = "text", ["text"] = Text() }));
        var calls = _random.Next(3);
        for (var i = 0; i < calls; i++)
        {
            content.Add(
                new JsonObject
                {
                    ["type"] = "tool_use",
                    ["id"] = $"toolu_{_calls++}",
                    ["name"] = "f",
                    ["input"] = Input(),
                    ["caller"] = new JsonObject { ["type"] = "direct" },
                }
            );
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
                ["cache_creation"] = new JsonObject
                {
                    ["ephemeral_5m_input_tokens"] = 7,
                    ["ephemeral_1h_input_tokens"] = 0,
                },
                ["output_tokens"] = output,
                ["output_tokens_details"] = new JsonObject { ["thinking_tokens"] = _random.Next(output) },
            },
        };
    }

    /// <summary>Splits a stream's deltas into random pieces.</summary>
    public IEnumerable<SseEvent> Split(IEnumerable<SseEvent> events)
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
                yield return SseEvent.Create(item.Name, data);
            }
        }
    }

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
            calls.Add(
                new JsonObject
                {
                    ["id"] = id,
                    ["type"] = "function",
                    ["function"] = new JsonObject { ["name"] = "f", ["arguments"] = Input().ToJsonString() },
                }
            );
            messages.Add(
                new JsonObject
                {
                    ["role"] = "tool",
                    ["tool_call_id"] = id,
                    ["content"] = _random.Next(2) == 0 ? Text() : new JsonArray(TextPart()),
                }
            );
        }

        message["tool_calls"] = calls;
    }

    private JsonArray Parts()
    {
        var parts = new JsonArray(TextPart());
        Maybe(() =>
            parts.Add(
                new JsonObject
                {
                    ["type"] = "image_url",
                    ["image_url"] = new JsonObject { ["url"] = Any("https://x/y.png", "data:image/png;base64,aGk=") },
                }
            )
        );
        Maybe(() => parts.Add(TextPart()));
        Maybe(() =>
            parts.Add(
                new JsonObject
                {
                    ["type"] = "file",
                    ["file"] = new JsonObject
                    {
                        ["filename"] = "a.pdf",
                        ["file_data"] = "data:application/pdf;base64,aGk=",
                    },
                }
            )
        );
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

    private static JsonObject Message(string role, JsonNode content) =>
        new() { ["role"] = role, ["content"] = content };

    private string Text() =>
        string.Join(' ', Enumerable.Range(0, _random.Next(1, 5)).Select(_ => _words[_random.Next(_words.Length)]));

    private string Any(params string[] values) => values[_random.Next(values.Length)];

    private void Maybe(Action action)
    {
        if (_random.Next(2) == 0)
        {
            action();
        }
    }
}
