using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.OpenAI.Responses;

namespace CogniForge.Llm.Protocols.Translation.ResponsesToChat;

/// <summary>Translates the first choice of a chat completion, streamed or complete, to a response.</summary>
/// <param name="request">The client's request; the response repeats some of its fields.</param>
/// <param name="isOfAnthropic">Whether Anthropic wrote the response, with all signed thinking in one delta.</param>
internal sealed class StreamTranslator(JsonObject request, bool isOfAnthropic) : IStreamTranslator
{
    private readonly ResponsesEvents _events = new();
    private readonly CallFragments _fragments = new();
    private readonly OrderedDictionary<int, CallItem> _calls = []; // open until the end: fragments come in any order
    private readonly ToolNames _tools = new(AdditionalTools.GetAll(request));
    private readonly JsonObject _others = [];
    private readonly ReasoningDetails _details = new();
    private readonly List<JsonObject> _citations = []; // of no open text yet
    private readonly bool _signsPlain =
        request["include"] is JsonArray include && include.Any(i => i.Text() == "reasoning.encrypted_content");
    private JsonObject? _response;
    private JsonObject? _usage;
    private string _suffix = "";
    private TextItem? _text;
    private string? _reason;
    private int _characters; // of all output_text
    private bool _hasCited;

    /// <summary>Translates a complete response.</summary>
    public static JsonObject TranslateResponse(JsonObject request, JsonObject body, bool isOfAnthropic)
    {
        var translator = new StreamTranslator(request, isOfAnthropic);
        var choice = body["choices"].Objects().FirstOrDefault();
        var events = translator.Add(body, choice, choice?["message"] as JsonObject).Concat(translator.Complete());
        _ = events.Count(); // creates them all, and so builds the response
        return translator._response!;
    }

    public IEnumerable<SseEvent> Translate(SseEvent item)
    {
        var chunk = StrictJson.Parse(item.Data.Span);
        var choice = chunk["choices"].Objects().FirstOrDefault(c => c["index"].Int32() is null or 0);
        return [.. Add(chunk, choice, choice?["delta"] as JsonObject)];
    }

    public IEnumerable<SseEvent> Complete()
    {
        foreach (var opening in Start([]))
        {
            yield return opening;
        }

        IEnumerable<SseEvent> signed = _details.TakeSignature() is { } late ? Sign(late) : [];
        foreach (var item in signed.Concat(Append("message", "output_text", UrlCitations.Link(_citations), null)))
        {
            yield return item;
        }

        _fragments.End();
        var (status, incomplete) = ResponseObject.GetStatus(_reason);
        foreach (var closing in Close(status))
        {
            yield return closing;
        }

        _response!["status"] = status;
        _response["incomplete_details"] = incomplete;
        _response["usage"] = _usage;
        foreach (var (name, value) in _others.Where(o => !_response.ContainsKey(o.Key)).ToList())
        {
            _response[name] = value?.DeepClone();
        }

        yield return _events.Response(status, _response);
    }

    private IEnumerable<SseEvent> Add(JsonObject chat, JsonObject? choice, JsonObject? message)
    {
        foreach (var item in Start(chat))
        {
            yield return item;
        }

        Keep(chat);
        var logprobs = (choice?["logprobs"] as JsonObject)?["content"] as JsonArray;
        var items = message is null ? [] : Texts(message, logprobs).Concat(Calls(message));
        var search = _hasCited ? [] : UrlCitations.OfSearch(chat["search_results"], chat["citations"]);
        foreach (var item in items.Concat(Cite(search)))
        {
            yield return item;
        }

        _reason = choice?["finish_reason"].Text() ?? _reason;
    }

    private IEnumerable<SseEvent> Start(JsonObject chat)
    {
        if (_response is null)
        {
            _response = ResponseObject.CreateInProgress(request, chat);
            _suffix = _response["id"].Text()!["resp_".Length..];
            yield return _events.Response("created", _response);
            yield return _events.Response("in_progress", _response);
        }
    }

    /// <summary>Keeps the latest value of each member other than the choices.</summary>
    private void Keep(JsonObject chat)
    {
        foreach (var (name, value) in chat)
        {
            if (name == "usage")
            {
                _usage = (value is JsonObject usage ? ResponseObject.Usage(usage) : null) ?? _usage;
            }
            else if (value is not null && name is not ("created" or "choices" or "obfuscation"))
            {
                _others[name] = value.DeepClone();
            }
        }
    }

    private IEnumerable<SseEvent> Texts(JsonObject message, JsonArray? logprobs)
    {
        _details.Add(isOfAnthropic ? [] : message);
        return
        [
            .. Reasoning(message),
            .. Append("message", "output_text", ChatContent.GetText(message["content"]), logprobs),
            .. Append("message", "output_text", GeneratedImages.Link(message["images"]), null),
            .. Cite(UrlCitations.OfChat(message[UrlCitations.Member])),
            .. Append("message", "refusal", message["refusal"].Text(), null),
        ];
    }

    /// <summary>Adds the web pages that the open text cites, or the next one.</summary>
    private IEnumerable<SseEvent> Cite(IEnumerable<JsonObject> annotations)
    {
        _citations.AddRange(annotations.Take(UrlCitations.MaxCount - _citations.Count));
        _hasCited |= _citations.Count > 0;
        if (_text?.Is("message") != true)
        {
            return [];
        }

        JsonNode[] cited = [.. _citations.Select(c => c.DeepClone())];
        _citations.Clear();
        return _text.Annotate(new JsonArray(cited), _characters);
    }

    /// <summary>Adds reasoning, with the signatures of Anthropic, so that the client returns both.</summary>
    private IEnumerable<SseEvent> Reasoning(JsonObject message) =>
        ThinkingBlocks
            .Split(message, ChatContent.GetReasoning(message))
            .SelectMany(part =>
            {
                var text = Append("reasoning", "reasoning_text", part.Text, null);
                return isOfAnthropic && part.Block is { } block
                    ? [.. text, .. Sign(ThinkingBlocks.ToEncryptedContent(block)), .. CloseText("completed")]
                    : text;
            });

    /// <summary>Signs the open reasoning, or an empty one if the signature came after its end.</summary>
    private IEnumerable<SseEvent> Sign(string? signature)
    {
        foreach (var opening in _text?.Is("reasoning") == true ? [] : OpenText("reasoning"))
        {
            yield return opening;
        }

        _text!.SetEncryptedContent(signature);
    }

    private IEnumerable<SseEvent> OpenText(string type)
    {
        foreach (var closing in isOfAnthropic ? Close("completed") : CloseText("completed"))
        {
            yield return closing; // clients keep the order in which items end
        }

        if (isOfAnthropic)
        {
            _calls.Clear(); // Anthropic ends a block before the next
        }

        var item =
            type == "message"
                ? NewItem("msg", type, ("role", "assistant"), ("content", new JsonArray()))
                : NewItem("rs", type, ("summary", new JsonArray()), ("content", new JsonArray()));
        _text = new(_events, Output.Count - 1, item);
        yield return _text.Open();
    }

    private IEnumerable<SseEvent> Append(string type, string part, string? text, JsonArray? logprobs)
    {
        if (string.IsNullOrEmpty(text))
        {
            yield break;
        }

        _characters += part == "output_text" ? text.Length : 0;
        foreach (var opening in _text?.Is(type) == true ? [] : OpenText(type))
        {
            yield return opening;
        }

        foreach (var appended in _text!.Append(part, text, logprobs))
        {
            yield return appended;
        }
    }

    private IEnumerable<SseEvent> Calls(JsonObject message)
    {
        foreach (var fragment in message["tool_calls"].Objects())
        {
            if (_fragments.Add(fragment) is not var (number, opening, arguments))
            {
                continue;
            }

            if (opening is not null)
            {
                foreach (var closing in CloseText("completed"))
                {
                    yield return closing;
                }

                var id = opening.GetId($"call_{_suffix}_{Output.Count}");
                _calls[number] = new(_events, Output.Count, NewCall(id, opening.Name!));
                yield return _calls[number].Open();
            }

            foreach (var appended in _calls.TryGetValue(number, out var call) ? call.Append(arguments) : [])
            {
                yield return appended;
            }
        }
    }

    private JsonObject NewCall(string id, string function)
    {
        var (type, ns, name) = _tools.Find(function);
        if (type == "custom")
        {
            return NewItem("ctc", "custom_tool_call", ("call_id", id), ("name", name), ("input", ""));
        }

        if (type == ClientToolSearch.ToolType)
        {
            (string, JsonNode)[] members = [("call_id", id), ("execution", "client"), ("arguments", new JsonObject())];
            return NewItem("tsc", ClientToolSearch.CallType, members);
        }

        var item = NewItem("fc", "function_call", ("call_id", id), ("name", name), ("arguments", ""));
        if (ns is not null)
        {
            item["namespace"] = ns;
        }

        return item;
    }

    private JsonArray Output => _response!["output"]!.AsArray();

    private JsonObject NewItem(string prefix, string type, params (string Name, JsonNode Value)[] members)
    {
        var item = new JsonObject
        {
            ["id"] = $"{prefix}_{_suffix}_{Output.Count}",
            ["type"] = type,
            ["status"] = "in_progress",
        };
        foreach (var (name, value) in members)
        {
            item[name] = value;
        }

        Output.Add(item);
        StreamBounds.CheckParts(Output.Count);
        return item;
    }

    private IEnumerable<SseEvent> CloseText(string status)
    {
        if (_text?.Is("reasoning") == true)
        {
            _text.Sign(_details.TakeSignature(), _signsPlain);
        }

        var closing = _text?.Close(status) ?? [];
        _text = null;
        return closing;
    }

    // Each event is sent before the next is created: some have all of the text.
    private IEnumerable<SseEvent> Close(string status) =>
        CloseText(status).Concat(_calls.Values.SelectMany(c => c.Close(status)));
}
