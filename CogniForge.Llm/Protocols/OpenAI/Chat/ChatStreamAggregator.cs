using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.OpenAI.Chat;

/// <summary>Makes one <c>chat.completion</c> of its chunks. Members that are unknown here are kept: the last one that is not null.</summary>
internal sealed class ChatStreamAggregator
{
    private readonly JsonObject _response = [];
    private readonly SortedDictionary<int, Choice> _choices = [];

    /// <summary>Collects a whole stream.</summary>
    /// <exception cref="JsonException">An event is no chunk.</exception>
    public static JsonObject Collect(IEnumerable<SseEvent> events)
    {
        var collector = new ChatStreamAggregator();
        foreach (var item in events)
        {
            if (!item.IsDone)
            {
                collector.Add(StrictJson.Parse(item.Data.Span));
            }
        }

        return collector.Response();
    }

    private void Add(JsonObject chunk)
    {
        foreach (var (name, value) in chunk)
        {
            switch (name)
            {
                case "choices":
                    AddChoices(value as JsonArray);
                    break;
                case "object" or "obfuscation":
                    break;
                default:
                    Keep(_response, name, value);
                    break;
            }
        }
    }

    private void AddChoices(JsonArray? choices)
    {
        foreach (var choice in choices?.OfType<JsonObject>() ?? [])
        {
            var index = JsonNodeExtensions.Index(choice["index"]) ?? 0;
            if (!_choices.TryGetValue(index, out var collected))
            {
                _choices[index] = collected = new();
            }

            foreach (var (name, member) in choice)
            {
                switch (name)
                {
                    case "index":
                        break;
                    case "delta":
                        collected.Message.Add(member);
                        break;
                    case "logprobs":
                        collected.Logprobs = (collected.Logprobs ?? new()).Add(member);
                        break;
                    default:
                        Keep(collected.Others, name, member);
                        break;
                }
            }
        }
    }

    private JsonObject Response()
    {
        _response["object"] = "chat.completion";
        _response["choices"] = new JsonArray([.. _choices.Select(c => c.Value.ToJson(c.Key))]);
        return _response;
    }

    private static void Keep(JsonObject target, string name, JsonNode? value)
    {
        if (value is not null || !target.ContainsKey(name))
        {
            target[name] = value?.DeepClone();
        }
    }

    private sealed class Choice
    {
        public DeltaMerger Message { get; } = new();

        public DeltaMerger? Logprobs { get; set; }

        public JsonObject Others { get; } = [];

        public JsonObject ToJson(int index)
        {
            var choice = new JsonObject { ["index"] = index, ["message"] = Message.ToJson() ?? new JsonObject() };
            if (Logprobs is not null)
            {
                choice["logprobs"] = Logprobs.ToJson();
            }

            foreach (var (name, value) in Others)
            {
                choice[name] = value?.DeepClone();
            }

            return choice;
        }
    }
}
