using System.Text.Json.Nodes;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols.Anthropic;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.OpenAI.Chat;

namespace CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;

/// <summary>
/// Translates chat streams to Anthropic's, where one block ends before the next begins, and text is never empty. OpenAI
/// promises no such order: blocks that begin within an unfinished call wait for its end.
/// </summary>
/// <param name="names">The names of the client's tools.</param>
internal sealed class StreamTranslator(ToolNameMap names) : IStreamTranslator
{
    private readonly CallFragments _fragments = new();
    private readonly Dictionary<int, StreamBlock> _calls = []; // by number
    private readonly LinkedList<StreamBlock> _waiting = [];
    private readonly ReasoningDetails _details = new();
    private readonly List<JsonObject> _citations = []; // of no open text yet
    private int _citationCount;
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
        _fragments.End();
        Start();
        Add("text", "text", UrlCitations.Link(_citations));
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
            _details.Add(delta.Object() ?? []);
            Add("text", "text", ResponseTranslator.GetText(delta["content"]));
            var refusal = delta["refusal"].Text() ?? "";
            Add("text", "text", refusal);
            Add("text", "text", GeneratedImages.Link(delta["images"].Value));
            Cite(UrlCitations.OfChat(delta[UrlCitations.Member].Value));
            _isRefused |= refusal.Length > 0;
            foreach (var call in delta["tool_calls"].Items())
            {
                Add(call.RequiredObject());
            }

            _finishReason = choice["finish_reason"].Text() ?? _finishReason;
        }

        if (_citationCount == 0)
        {
            Cite(UrlCitations.OfSearch(chunk["search_results"].Value, chunk["citations"].Value));
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

    /// <summary>Adds the web pages that the open text cites, or the next one.</summary>
    private void Cite(IEnumerable<JsonObject> annotations)
    {
        var added = annotations.Take(UrlCitations.MaxCount - _citationCount).ToList();
        _citationCount += added.Count;
        _citations.AddRange(added);
        if (_open?.Type == "text")
        {
            foreach (var citation in _citations.Select(c => UrlCitations.ToMessages(c, _open.Content)))
            {
                _events.Add(MessagesEvents.BlockDelta(_blocks - 1, "citations_delta", "citation", citation));
            }

            _citations.Clear();
        }
    }

    /// <summary>Adds a fragment of a tool call, whose block begins with its name.</summary>
    private void Add(JsonObject fragment)
    {
        if (_fragments.Add(fragment) is not var (number, opening, arguments))
        {
            return;
        }

        if (opening is not null)
        {
            OpenWaiting();
            var id = opening.GetId($"call_{_id}_{_blocks + _waiting.Count}");
            Open(_calls[number] = new(ResponseTranslator.NewToolUse(id, names.Restore(opening.Name!), [])));
        }

        Append(_calls[number], arguments);
    }

    /// <summary>Appends to an open or waiting block. What follows the end of a call's arguments is ignored.</summary>
    private void Append(StreamBlock block, string text)
    {
        text = block.Append(text);
        if (block == _open && text.Length > 0)
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
        var text = block.Text;
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
            var isTruncated = ChatFinishReasons.Normalize(_finishReason) == ChatFinishReasons.Length;
            if (_open.IsCall && _open.EndCall(isTruncated) is { Length: > 0 } rest)
            {
                Send(_open, rest);
            }

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
