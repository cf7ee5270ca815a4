using System.Text;
using System.Text.Json.Nodes;

namespace CogniForge.Llm.Protocols.OpenAI.Chat;

/// <summary>
/// Merges the deltas of one value: concatenates texts and arrays, merges objects by member and tool calls by number.
/// For all other values, the last one counts.
/// </summary>
internal sealed class DeltaMerger
{
    private StringBuilder? _text;
    private OrderedDictionary<string, DeltaMerger>? _members;
    private SortedDictionary<int, DeltaMerger>? _calls;
    private ToolCallNumbers? _numbers;
    private JsonArray? _items;
    private JsonNode? _value;

    /// <summary>Adds a delta; null adds nothing.</summary>
    public DeltaMerger Add(JsonNode? delta)
    {
        switch (delta)
        {
            case JsonObject members:
                AddMembers(members);
                break;
            case JsonArray items:
                _items ??= _text is { Length: > 0 } ? [TextPart(_text.ToString())] : [];
                foreach (var item in items)
                {
                    _items.Add(item?.DeepClone());
                }

                break;
            case JsonValue value when _items is not null && value.TryGetValue(out string? text):
                _items.Add((JsonNode)TextPart(text));
                break;
            case JsonValue value when value.TryGetValue(out string? text):
                (_text ??= new()).Append(text);
                break;
            case not null:
                _value = delta.DeepClone();
                break;
        }

        return this;
    }

    /// <summary>Returns the merged value.</summary>
    public JsonNode? ToJson() =>
        this switch
        {
            { _members: { } members } => new JsonObject(
                members.Select(m => KeyValuePair.Create(m.Key, m.Value.ToJson()))
            ),
            { _calls: { } calls } => new JsonArray([.. calls.Values.Select(c => c.ToJson())]),
            { _items: { } items } => items,
            { _text: { } text } => JsonValue.Create(text.ToString()),
            _ => _value,
        };

    private void AddMembers(JsonObject members)
    {
        _members ??= [];
        foreach (var (name, value) in members)
        {
            if (!_members.TryGetValue(name, out var merged))
            {
                _members[name] = merged = new();
            }

            if (name == "tool_calls" && value is JsonArray calls)
            {
                merged.AddCalls(calls);
            }
            else if (!IsWhole(name) || merged._text is not { Length: > 0 })
            {
                merged.Add(value);
            }
        }
    }

    private void AddCalls(JsonArray calls)
    {
        _calls ??= [];
        _numbers ??= new();
        foreach (var call in calls.OfType<JsonObject>())
        {
            var number = _numbers.Get(call);
            if (!_calls.TryGetValue(number, out var merged))
            {
                _calls[number] = merged = new();
            }

            var members = call.DeepClone().AsObject();
            members.Remove("index");
            merged.AddMembers(members);
        }
    }

    // Mistral sends reasoning in parts and then the answer as a text.
    private static JsonObject TextPart(string text) => new() { ["type"] = "text", ["text"] = text };

    /// <summary>
    /// Whether a text is sent as a whole instead of in fragments; some servers repeat it in every delta.
    /// </summary>
    private static bool IsWhole(string name) => name is "id" or "type" or "role" or "name";
}
