using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols.Anthropic;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;

/// <summary>
/// Translates chat streams to Anthropic's, where one block ends before the next begins, and text is never empty. OpenAI
/// promises no such order: blocks that begin within an unfinished call wait for its end.
/// </summary>
/// <param name="names">The names of the client's tools.</param>
internal sealed class StreamTranslator(ToolNameMap names) : IStreamTranslator
{
    private readonly Dictionary<int, (string? Id, StreamBlock Block)> _calls = [];
    private readonly LinkedList<StreamBlock> _waiting = [];
    private readonly ReasoningDetails _details = new();
    private int _latestCall;
    private List<SseEvent> _events = [];
    private string? _id,
        _model;
    private bool _isStarted;
    private int _blocks;
    private StreamBlock? _open;
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
        while (_waiting.Count > 0)
        {
            OpenNextWaiting();
        }

        Close();
        if (_details.IsOpaque)
        {
            Open(NewThinking()); // the details came after the end of the thinking
            Close();
        }

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
        // Azure's first chunk has no id and no model. The usage comes in a chunk with a choice, without one or with
        // null.
        _id = string.IsNullOrEmpty(_id) ? chunk["id"].Text() : _id;
        _model = string.IsNullOrEmpty(_model) ? chunk["model"].Text() : _model;
        _usage = ResponseTranslator.GetUsage(chunk) ?? _usage;
        foreach (var choice in chunk["choices"].Items().Where(c => c["index"].Int32() is null or 0))
        {
            Start();
            var delta = choice["delta"];
            Add("thinking", "thinking", ResponseTranslator.GetReasoning(delta));
            _details.Add(delta[ReasoningDetails.Member].Value);
            _details.AddExtraContent(delta[ReasoningDetails.ExtraContent].Value);
            Add("text", "text", ResponseTranslator.GetText(delta["content"]));
            var refusal = delta["refusal"].Text() ?? "";
            Add("text", "text", refusal);
            Add("text", "text", GeneratedImages.Link(delta["images"].Value));
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
            message["usage"] = MessagesUsage.Write(_usage ?? new(0, 0)); // usually known only in message_delta
            _events.Add(MessagesEvents.Start(message));
        }
    }

    private void Add(string type, string member, string text)
    {
        if (text.Length == 0)
        {
            return;
        }

        OpenWaiting();
        var last = _waiting.Last?.Value ?? _open;
        if (last?.Type != type)
        {
            Open(last = new(ResponseTranslator.NewBlock(type, member, "")));
        }

        Append(last, text);
    }

    /// <summary>
    /// Adds a fragment of a tool call. The fragments of a call share an index; if a server omits it or always sends 0,
    /// a new id starts a new call.
    /// </summary>
    private void Add(JsonField call)
    {
        var (id, name) = (call["id"].Text(), call["function"]["name"].Text());
        _latestCall = call["index"].Int32() ?? _latestCall;
        if (
            !_calls.TryGetValue(_latestCall, out var known)
            || (!string.IsNullOrEmpty(id) && !string.IsNullOrEmpty(name) && id != known.Id)
        )
        {
            OpenWaiting();
            var number = _blocks + _waiting.Count;
            var block = ResponseTranslator.NewToolUse(call, $"call_{_id}_{number}", [], names);
            known = _calls[_latestCall] = (id, new(block));
            Open(known.Block);
        }

        if (ToolInput.ReadArguments(call) is { Length: > 0 } arguments)
        {
            Append(known.Block, arguments);
        }
    }

    /// <summary>Appends to an open or waiting block. What follows the end of a call's arguments is ignored.</summary>
    private void Append(StreamBlock block, string text)
    {
        block.Append(text, block == _open);
        if (block == _open)
        {
            Send(block, text);
        }
    }

    private void Open(StreamBlock block)
    {
        StreamBounds.CheckParts(_waiting.Count + _calls.Count);
        if (_waiting.Count > 0 || _open?.IsUnfinishedCall == true)
        {
            _waiting.AddLast(block);
            return;
        }

        Close();
        _open = block;
        _events.Add(MessagesEvents.BlockStart(_blocks++, block.Start));
    }

    /// <summary>Opens the blocks that no longer have to wait.</summary>
    private void OpenWaiting()
    {
        while (_waiting.Count > 0 && _open?.IsUnfinishedCall != true)
        {
            OpenNextWaiting();
        }
    }

    private void OpenNextWaiting()
    {
        Close();
        var block = _waiting.First!.Value;
        _waiting.RemoveFirst();
        var text = block.TakeText();
        if (!block.IsCall && string.IsNullOrWhiteSpace(text))
        {
            return; // a line break within a call
        }

        _open = block;
        _events.Add(MessagesEvents.BlockStart(_blocks++, block.Start));
        if (text.Length > 0)
        {
            Send(block, text);
        }
    }

    private void Send(StreamBlock block, string text)
    {
        var (delta, member) = block.Delta;
        _events.Add(MessagesEvents.BlockDelta(_blocks - 1, delta, member, text));
    }

    private static StreamBlock NewThinking() => new(ResponseTranslator.NewBlock("thinking", "thinking", ""));

    private void Close()
    {
        if (_open is not null)
        {
            if (_open.Type == "thinking")
            {
                var signature = _details.TakeSignature() ?? ReasoningDetails.SignPlain("");
                _events.Add(MessagesEvents.BlockDelta(_blocks - 1, "signature_delta", "signature", signature));
            }

            _open = null;
            _events.Add(MessagesEvents.BlockStop(_blocks - 1));
        }
    }
}
