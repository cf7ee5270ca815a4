using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Anthropic;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;

namespace CogniForge.Llm.Protocols.Translation.OpenAIToAnthropic;

/// <summary>Translates Anthropic's streams to chat streams.</summary>
/// <param name="chunks">Creates the client's chunks.</param>
/// <param name="names">The names of the client's tools.</param>
/// <param name="isInner">
/// Whether to send each thinking block at its end instead of all in one delta: OpenAI's SDK for JavaScript keeps only
/// the last value of an unknown member.
/// </param>
internal sealed class StreamTranslator(ChatChunkFactory chunks, ToolNameMap names, bool isInner) : IStreamTranslator
{
    private readonly MessagesUsage _usage = new();
    private readonly Dictionary<int, ToolCall> _calls = []; // the open calls, by the index of their block
    private readonly Dictionary<int, ThinkingBlock> _thinking = []; // the open blocks, by their index
    private readonly List<JsonObject> _citations = []; // of the open text block
    private JsonArray _signed = []; // the blocks that no delta has yet
    private (int Start, int End) _text; // the open text block's place in the whole text
    private int _citationCount;
    private int _callCount;
    private bool _isFinished;

    public IEnumerable<SseEvent> Translate(SseEvent item) =>
        JsonField.ReadProvider(
            StrictJson.Parse(item.Data.Span),
            data =>
            {
                Translate(data, data["type"].Text() ?? item.Name);
                return chunks.Take();
            }
        );

    public IEnumerable<SseEvent> Complete()
    {
        if (!_isFinished)
        {
            Finish(null, null);
        }

        if (_usage.Tokens is { } usage)
        {
            chunks.Usage(usage);
        }

        return chunks.Take();
    }

    private void Translate(JsonField data, string? type)
    {
        switch (type)
        {
            case "message_start":
                var message = data["message"];
                Apply(message["usage"]);
                chunks.Start(message["id"].Text() ?? "", message["model"].Text() ?? "");
                break;
            case "content_block_start":
                Open(GetIndex(data), data["content_block"]);
                break;
            case "content_block_delta":
                Add(GetIndex(data), data["delta"]);
                break;
            case "content_block_stop" when _calls.Remove(GetIndex(data), out var call) && !call.HasArguments:
                Arguments(call, call.Input); // without fragments, the block's initial input is complete
                break;
            case "content_block_stop" when _thinking.Remove(GetIndex(data), out var thinking):
                if (thinking.ToJson() is { } block && ThinkingBlocks.IsSigned(block))
                {
                    _signed.Add((JsonNode)block);
                    if (isInner)
                    {
                        SendThinking();
                    }
                }

                break;
            case "content_block_stop":
                SendCitations();
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

    private static int GetIndex(JsonField data) => data["index"].Int32() ?? 0;

    private void Apply(JsonField usage)
    {
        if (usage.Object() is { } figures)
        {
            _usage.Apply(JsonSerializer.SerializeToElement(figures));
        }
    }

    /// <summary>Opens a block. Blocks of Anthropic's server tools are not sent to the client.</summary>
    private void Open(int index, JsonField block)
    {
        StreamBounds.CheckParts(_calls.Count + _thinking.Count + _signed.Count);
        switch (block["type"].Text())
        {
            case "text":
                _text.Start = _text.End;
                foreach (var citation in block["citations"].Value.Objects())
                {
                    Cite(citation);
                }

                Text(block);
                break;
            case "thinking" or "redacted_thinking":
                _thinking[index] = new(block.RequiredObject().DeepClone().AsObject());
                Text(block);
                break;
            case "tool_use":
                var call = _calls[index] = new(_callCount++, ToolInput.Write(block["input"].Object()));
                chunks.ToolCall(
                    new()
                    {
                        ["index"] = call.Index,
                        ["id"] = block["id"].RequiredText(),
                        ["type"] = "function",
                        ["function"] = new JsonObject
                        {
                            ["name"] = names.Restore(block["name"].RequiredText()),
                            ["arguments"] = "",
                        },
                    }
                );
                break;
        }
    }

    private void Add(int index, JsonField delta)
    {
        switch (delta["type"].Text())
        {
            case "text_delta":
                Text(delta);
                break;
            case "citations_delta" when delta["citation"].Object() is { } citation:
                Cite(citation);
                break;
            case "thinking_delta" or "signature_delta":
                Append(index, delta, "thinking");
                Append(index, delta, "signature");
                Text(delta);
                break;
            case "input_json_delta"
                when _calls.TryGetValue(index, out var call)
                    && delta["partial_json"].Text() is { Length: > 0 } fragment:
                Arguments(call, fragment);
                break;
        }
    }

    private void Text(JsonField part)
    {
        if (part["text"].Text() is { Length: > 0 } text)
        {
            _text.End += text.Length;
            chunks.Delta(new() { ["content"] = text });
        }
        else if (part["thinking"].Text() is { Length: > 0 } thinking)
        {
            chunks.Delta(new() { ["reasoning_content"] = thinking });
        }
    }

    private void Append(int index, JsonField delta, string member)
    {
        if (_thinking.TryGetValue(index, out var block) && delta[member].Text() is { } text)
        {
            block.Append(member, text);
        }
    }

    private void Arguments(ToolCall call, string fragment)
    {
        call.HasArguments = true;
        chunks.ToolCall(
            new()
            {
                ["index"] = call.Index,
                ["function"] = new JsonObject { ["arguments"] = fragment },
            }
        );
    }

    private void Cite(JsonObject citation)
    {
        if (_citationCount < UrlCitations.MaxCount && UrlCitations.IsOfWebPage(citation))
        {
            _citationCount++;
            _citations.Add(citation);
        }
    }

    private void SendCitations()
    {
        var annotations = _citations.Select(c => UrlCitations.ToChat(c, _text.Start, _text.End)).OfType<JsonNode>();
        if (annotations.ToArray() is [_, ..] sent)
        {
            chunks.Delta(new() { [UrlCitations.Member] = new JsonArray(sent) });
        }

        _citations.Clear();
    }

    private void SendThinking()
    {
        if (_signed.Count > 0)
        {
            chunks.Delta(new() { [ThinkingBlocks.Member] = _signed });
            _signed = [];
        }
    }

    private void Finish(string? stopReason, string? refusal)
    {
        _isFinished = true;
        SendThinking();
        chunks.Delta(refusal is null ? [] : new() { ["refusal"] = refusal }, FinishReasons.ToChat(stopReason));
    }

    /// <param name="index">The index among the tool calls.</param>
    /// <param name="input">The initial arguments of the block.</param>
    private sealed class ToolCall(int index, string input)
    {
        public int Index => index;

        public string Input => input;

        public bool HasArguments { get; set; }
    }
}
