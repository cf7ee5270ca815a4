using System.Text.Json;
using System.Text.Json.Nodes;

namespace CogniForge.Llm.Domain.Protocols.Messages;

/// <summary>Translates Anthropic's streams for chat clients.</summary>
/// <param name="created">When the stream began, in seconds since 1970.</param>
/// <param name="includeUsage">Whether the client wants a last chunk with the usage; all others then have none.</param>
internal sealed class MessagesStreamToChat(long created, bool includeUsage) : IStreamTranslation
{
    private readonly MessagesUsage _usage = new();
    private readonly Dictionary<int, ToolCall> _calls = []; // by the index of the block
    private List<SseEvent> _chunks = [];
    private string? _id;
    private string? _model;
    private bool _isFinished;

    /// <inheritdoc/>
    public IEnumerable<SseEvent> Translate(SseEvent item)
    {
        _chunks = [];
        Field.OfProvider(SoundJson.Parse(item.Data.Span), data =>
        {
            Translate(data, data["type"].Text() ?? item.Name);
            return true;
        });
        return _chunks;
    }

    /// <inheritdoc/>
    public IEnumerable<SseEvent> Complete()
    {
        _chunks = [];
        if (!_isFinished)
        {
            Finish(null, null);
        }

        if (includeUsage && _usage.Tokens is { } usage)
        {
            Send([], ChatUsage.Write(usage));
        }

        return _chunks;
    }

    private void Translate(Field data, string? type)
    {
        switch (type)
        {
            case "message_start":
                (_id, _model) = (data["message"]["id"].Text() ?? "", data["message"]["model"].Text() ?? "");
                Apply(data["message"]["usage"]);
                Delta(new() { ["role"] = "assistant", ["content"] = "" });
                break;
            case "content_block_start":
                Open(data["index"].Whole() ?? 0, data["content_block"]);
                break;
            case "content_block_delta":
                Add(data["index"].Whole() ?? 0, data["delta"]);
                break;
            case "content_block_stop" when _calls.Remove(data["index"].Whole() ?? 0, out var call) && !call.HasArguments:
                Arguments(call, call.Input); // no fragment came: what the block began with is all
                break;
            case "message_delta":
                Apply(data["usage"]);
                if (data["delta"]["stop_reason"].Text() is { } reason && !_isFinished)
                {
                    Finish(reason, data["delta"]["stop_details"]["explanation"].Text());
                }

                break;
        }
    }

    private void Apply(Field usage)
    {
        if (usage.Object() is { } figures)
        {
            _usage.Apply(JsonSerializer.SerializeToElement(figures));
        }
    }

    /// <summary>Begins a block. Those of tools that Anthropic itself runs are not the client's business.</summary>
    private void Open(int index, Field block)
    {
        if (block["type"].Text() != "tool_use")
        {
            Text(block);
            return;
        }

        var call = _calls[index] = new(_toolCalls++, ToolInput.Write(block["input"].Object()));
        Delta(new()
        {
            ["tool_calls"] = new JsonArray(new JsonObject
            {
                ["index"] = call.Index,
                ["id"] = block["id"].RequiredText(),
                ["type"] = "function",
                ["function"] = new JsonObject { ["name"] = block["name"].RequiredText(), ["arguments"] = "" },
            }),
        });
    }

    private int _toolCalls;

    private void Add(int index, Field delta)
    {
        switch (delta["type"].Text())
        {
            case "input_json_delta" when _calls.TryGetValue(index, out var call) && delta["partial_json"].Text() is { Length: > 0 } fragment:
                Arguments(call, fragment);
                break;
            case "text_delta" or "thinking_delta":
                Text(delta);
                break;
        }
    }

    private void Text(Field part)
    {
        if (part["text"].Text() is { Length: > 0 } text)
        {
            Delta(new() { ["content"] = text });
        }
        else if (part["thinking"].Text() is { Length: > 0 } thinking)
        {
            Delta(new() { ["reasoning_content"] = thinking });
        }
    }

    private void Arguments(ToolCall call, string fragment)
    {
        call.HasArguments = true;
        Delta(new()
        {
            ["tool_calls"] = new JsonArray(new JsonObject { ["index"] = call.Index, ["function"] = new JsonObject { ["arguments"] = fragment } }),
        });
    }

    private void Finish(string? stopReason, string? refusal)
    {
        _isFinished = true;
        Delta(refusal is null ? [] : new() { ["refusal"] = refusal }, FinishReasons.ToChat(stopReason));
    }

    private void Delta(JsonObject delta, string? finishReason = null) =>
        Send([new JsonObject { ["index"] = 0, ["delta"] = delta, ["logprobs"] = null, ["finish_reason"] = finishReason }], null);

    private void Send(JsonArray choices, JsonObject? usage)
    {
        var chunk = new JsonObject
        {
            ["id"] = _id ?? throw new JsonException("The stream does not begin with message_start."),
            ["object"] = "chat.completion.chunk",
            ["created"] = created,
            ["model"] = _model,
            ["choices"] = choices,
        };
        if (includeUsage)
        {
            chunk["usage"] = usage;
        }

        _chunks.Add(SseEvent.Of(null, chunk));
    }

    private sealed class ToolCall(int index, string input)
    {
        public int Index => index;

        public string Input => input;

        public bool HasArguments { get; set; }
    }
}
