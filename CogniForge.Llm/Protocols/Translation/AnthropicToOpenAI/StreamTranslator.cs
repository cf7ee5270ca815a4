using System.Text.Json.Nodes;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols.Anthropic;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;

/// <summary>Translates chat streams for Anthropic's clients: at most one block is open at a time, and there is none without content.</summary>
internal sealed class StreamTranslator : IStreamTranslator
{
    private readonly Dictionary<int, (string? Id, int Block)> _calls = [];
    private int _latestCall;
    private List<SseEvent> _events = [];
    private string? _id,
        _model;
    private bool _isStarted;
    private int _blocks;
    private string? _open; // the kind of the open block; null: none is
    private bool _isRefused;
    private string? _finishReason;
    private TokenUsage? _usage;

    public IEnumerable<SseEvent> Translate(SseEvent item)
    {
        _events = [];
        return JsonField.ReadProvider(
            StrictJson.Parse(item.Data.Span),
            chunk =>
            {
                Translate(chunk);
                return _events;
            }
        );
    }

    public IEnumerable<SseEvent> Complete()
    {
        _events = [];
        Start();
        Close();
        var reason = FinishReasons.ToMessages(_finishReason, _calls.Count > 0, _isRefused);
        _events.Add(
            MessagesEvents.Delta(
                new() { ["stop_reason"] = reason, ["stop_sequence"] = null },
                MessagesUsage.Write(_usage ?? new(0, 0))
            )
        );
        _events.Add(MessagesEvents.Stop());
        return _events;
    }

    private void Translate(JsonField chunk)
    {
        // Azure's first chunk has neither; the usage comes with a choice, without one or with null instead.
        _id = string.IsNullOrEmpty(_id) ? chunk["id"].Text() : _id;
        _model = string.IsNullOrEmpty(_model) ? chunk["model"].Text() : _model;
        _usage = ResponseTranslator.GetUsage(chunk) ?? _usage;
        foreach (var choice in chunk["choices"].Items().Where(c => c["index"].Int32() is null or 0))
        {
            Start();
            var delta = choice["delta"];
            Add("thinking", "thinking_delta", "thinking", ResponseTranslator.GetReasoning(delta));
            Add("text", "text_delta", "text", ResponseTranslator.GetText(delta["content"]));
            var refusal = delta["refusal"].Text() ?? "";
            Add("text", "text_delta", "text", refusal);
            _isRefused |= refusal.Length > 0;
            foreach (var call in delta["tool_calls"].Items())
            {
                Add(call);
            }

            _finishReason = choice["finish_reason"].Text() ?? _finishReason;
        }
    }

    private void Start()
    {
        if (!_isStarted)
        {
            _isStarted = true;
            var message = ResponseTranslator.Envelope(_id, _model);
            message["usage"] = MessagesUsage.Write(_usage ?? new(0, 0)); // most servers count at the end only: message_delta has it
            _events.Add(MessagesEvents.Start(message));
        }
    }

    private void Add(string type, string delta, string member, string text)
    {
        if (text.Length > 0)
        {
            if (_open != type)
            {
                Open(type, ResponseTranslator.NewBlock(type, member, ""));
            }

            _events.Add(MessagesEvents.BlockDelta(_blocks - 1, delta, member, text));
        }
    }

    /// <summary>Adds a fragment of a tool call. The fragments of a call share an index; where a server leaves it out or sends 0 for all, a new id begins a new call.</summary>
    private void Add(JsonField call)
    {
        var (id, name) = (call["id"].Text(), call["function"]["name"].Text());
        _latestCall = call["index"].Int32() ?? _latestCall;
        if (
            !_calls.TryGetValue(_latestCall, out var known)
            || (!string.IsNullOrEmpty(id) && !string.IsNullOrEmpty(name) && id != known.Id)
        )
        {
            Open("tool_use", ResponseTranslator.NewToolUse(call, $"call_{_id}_{_blocks}", []));
            known = _calls[_latestCall] = (id, _blocks - 1);
        }

        if (call["function"]["arguments"].Text() is { Length: > 0 } arguments)
        {
            if (known.Block != _blocks - 1)
            {
                // It would land in a block that the client has seen closed.
                throw call.Invalid("must not go on after the next call or text has begun");
            }

            _events.Add(MessagesEvents.BlockDelta(known.Block, "input_json_delta", "partial_json", arguments));
        }
    }

    private void Open(string type, JsonObject block)
    {
        Close();
        _open = type;
        _events.Add(MessagesEvents.BlockStart(_blocks++, block));
    }

    private void Close()
    {
        if (_open is not null)
        {
            _open = null;
            _events.Add(MessagesEvents.BlockStop(_blocks - 1));
        }
    }
}
