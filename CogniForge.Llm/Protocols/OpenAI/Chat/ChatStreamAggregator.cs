using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.OpenAI.Chat;

/// <summary>
/// Builds a <c>chat.completion</c> from its chunks. Of unknown members, the last non-null value counts.
/// </summary>
internal sealed class ChatStreamAggregator
{
    private readonly JsonObject _response = [];
    private readonly SortedDictionary<int, Choice> _choices = [];

    /// <exception cref="JsonException">An event is not a chunk.</exception>
    public static JsonObject Aggregate(IEnumerable<SseEvent> events)
    {
        var aggregator = new ChatStreamAggregator();
        foreach (var item in events)
        {
            if (!item.IsDone)
            {
                aggregator.Add(StrictJson.Parse(item.Data.Span));
            }
        }

        return aggregator.Response();
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
            var index = choice["index"].Int32() ?? 0;
            if (!_choices.TryGetValue(index, out var aggregated))
            {
                _choices[index] = aggregated = new();
            }

            foreach (var (name, member) in choice)
            {
                switch (name)
                {
                    case "index":
                        break;
                    case "delta":
                        aggregated.Message.Add(member);
                        break;
                    case "logprobs":
                        aggregated.Logprobs = (aggregated.Logprobs ?? new()).Add(member);
                        break;
                    default:
                        Keep(aggregated.Others, name, member);
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
