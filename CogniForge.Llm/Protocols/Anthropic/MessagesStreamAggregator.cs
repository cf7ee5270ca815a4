using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;

namespace CogniForge.Llm.Protocols.Anthropic;

/// <summary>Builds a message from the events of its stream.</summary>
internal sealed class MessagesStreamAggregator
{
    private readonly SortedDictionary<int, Block> _blocks = [];
    private JsonObject? _message;

    /// <summary>Adds the next event; ignores unknown event types.</summary>
    /// <param name="data">The event's JSON.</param>
    /// <param name="name">The event's <c>event:</c> line.</param>
    /// <exception cref="JsonException">The event does not follow the protocol.</exception>
    public void Add(JsonObject data, string? name) =>
        JsonField.ReadProvider(
            data,
            item =>
            {
                switch (item["type"].Text() ?? name)
                {
                    case "message_start":
                        _message = (JsonObject?)item["message"].Object()?.DeepClone();
                        break;
                    case "content_block_start":
                        _blocks[GetIndex(item)] = new((JsonObject?)item["content_block"].Object()?.DeepClone() ?? []);
                        break;
                    case "content_block_delta":
                        var index = item["index"];
                        (
                            _blocks.GetValueOrDefault(GetIndex(item))
                            ?? throw index.Invalid("must be that of an open block")
                        ).Add(item["delta"]);
                        break;
                    case "message_delta":
                        Merge(item);
                        break;
                }

                return true;
            }
        );

    /// <exception cref="JsonException">The message has not started, or a tool's input is not a JSON object.</exception>
    public JsonObject Message()
    {
        var message = StartedMessage;
        var isTruncated = FinishReasons.IsTruncated(message["stop_reason"]?.ToString());
        message["content"] = new JsonArray([.. _blocks.Values.Select(b => b.Finish(isTruncated))]);
        return message;
    }

    private JsonObject StartedMessage =>
        _message ?? throw new JsonException("The stream does not begin with message_start.");

    private static int GetIndex(JsonField item) =>
        item["index"].Int32() ?? throw item["index"].Invalid("must be a whole number");

    private void Merge(JsonField item)
    {
        foreach (var (name, field) in item.Members().Where(m => m.Name is not ("type" or "delta" or "usage")))
        {
            StartedMessage[name] = field.Copy();
        }

        foreach (var (name, value) in item["delta"].Object() ?? [])
        {
            StartedMessage[name] = value?.DeepClone();
        }

        // The counts are cumulative, so they replace those of message_start.
        if (StartedMessage["usage"] is not JsonObject usage)
        {
            StartedMessage["usage"] = usage = [];
        }

        foreach (var (name, field) in item["usage"].Members())
        {
            usage[name] = field.Copy();
        }
    }

    private sealed class Block(JsonObject start)
    {
        private readonly StringBuilder _text = new(),
            _thinking = new(),
            _input = new();
        private readonly JsonArray _citations = [];

        public void Add(JsonField delta)
        {
            switch (delta["type"].Text())
            {
                case "text_delta":
                    _text.Append(delta["text"].Text());
                    break;
                case "thinking_delta":
                    _thinking.Append(delta["thinking"].Text());
                    break;
                case "input_json_delta":
                    _input.Append(delta["partial_json"].Text());
                    break;
                case "signature_delta":
                    start["signature"] = delta["signature"].Copy();
                    break;
                case "citations_delta":
                    _citations.Add(delta["citation"].Copy());
                    break;
            }
        }

        public JsonObject Finish(bool isTruncated)
        {
            Append("text", _text);
            Append("thinking", _thinking);
            if (_citations.Count > 0)
            {
                start["citations"] = _citations;
            }

            if (_input.Length > 0)
            {
                var input = _input.ToString();
                start["input"] =
                    isTruncated || string.IsNullOrWhiteSpace(input) || ToolInput.IsObject(input)
                        ? ToolInput.Parse(input, isTruncated)
                        : throw new JsonException("The input of a tool is not a JSON object.");
            }

            return start;
        }

        private void Append(string name, StringBuilder rest)
        {
            if (rest.Length > 0)
            {
                start[name] =
                    (start[name] is JsonValue value && value.TryGetValue<string>(out var begin) ? begin : "") + rest;
            }
        }
    }
}
