using System.Text;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.OpenAI.Responses;

namespace CogniForge.Llm.Protocols.Translation.ResponsesToChat;

/// <summary>An output item in progress that consists of texts: a message or reasoning.</summary>
internal sealed class TextItem(ResponsesEvents events, int output, JsonObject item)
{
    private readonly StringBuilder _text = new();
    private JsonArray _logprobs = [];
    private JsonArray _annotations = [];
    private string? _type;

    public bool Is(string type) => item["type"].Text() == type;

    public void SetEncryptedContent(string? content) => item["encrypted_content"] = content;

    /// <summary>Signs reasoning before its end.</summary>
    /// <param name="signature">The signature; null: the reasoning is plain, or signed already.</param>
    /// <param name="signPlain">Whether to repeat plain reasoning as its signature.</param>
    public void Sign(string? signature, bool signPlain)
    {
        if (signature is null && signPlain && _text.Length > 0 && item["encrypted_content"] is null)
        {
            signature = ReasoningDetails.SignPlain(_text.ToString());
        }

        if (signature is not null)
        {
            SetEncryptedContent(signature);
        }
    }

    public SseEvent Open() => events.Item("added", output, item);

    /// <summary>Appends to the text of a part; closes the open part first if it is of another type.</summary>
    /// <param name="type">The part's type: <c>output_text</c>, <c>refusal</c> or <c>reasoning_text</c>.</param>
    /// <param name="text">The text to append.</param>
    /// <param name="logprobs">The log probabilities of the text; null if unknown.</param>
    public IEnumerable<SseEvent> Append(string type, string text, JsonArray? logprobs)
    {
        if (type != _type)
        {
            foreach (var closing in ClosePart())
            {
                yield return closing;
            }

            _type = type;
            yield return events.Text("content_part.added", item, output, Position, ("part", Part()));
        }

        _text.Append(text);
        foreach (var logprob in logprobs ?? [])
        {
            _logprobs.Add(logprob?.DeepClone());
        }

        yield return events.Text(
            $"{type}.delta",
            item,
            output,
            Position,
            [("delta", text), .. Logprobs(logprobs ?? [])]
        );
    }

    /// <summary>Adds the web pages that the open text cites.</summary>
    /// <param name="annotations">The annotations of a chat, which count from the start of its whole text.</param>
    /// <param name="characters">The length of the whole text so far.</param>
    public IEnumerable<SseEvent> Annotate(JsonNode? annotations, int characters)
    {
        if (_annotations.Count >= UrlCitations.MaxCount)
        {
            yield break;
        }

        var offset = characters - _text.Length;
        foreach (var annotation in _type == "output_text" ? UrlCitations.ToResponses(annotations, offset) : [])
        {
            yield return events.Text(
                "output_text.annotation.added",
                item,
                output,
                Position,
                ("annotation_index", _annotations.Count),
                ("annotation", annotation)
            );
            _annotations.Add((JsonNode)annotation);
        }
    }

    /// <param name="status">The item's final status.</param>
    public IEnumerable<SseEvent> Close(string status)
    {
        foreach (var closing in ClosePart())
        {
            yield return closing;
        }

        item["status"] = status;
        yield return events.Item("done", output, item);
    }

    private (string, int) Position => ("content_index", item["content"]!.AsArray().Count);

    private IEnumerable<SseEvent> ClosePart()
    {
        if (_type is null)
        {
            yield break;
        }

        var part = Part(); // the only copy of the text
        _text.Clear();
        yield return events.Text(
            $"{_type}.done",
            item,
            output,
            Position,
            [(Member, part[Member]), .. Logprobs(_logprobs)]
        );
        yield return events.Text("content_part.done", item, output, Position, ("part", part));
        item["content"]!.AsArray().Add(part);
        _logprobs = [];
        _annotations = [];
        _type = null;
    }

    private string Member => _type == "refusal" ? "refusal" : "text";

    private JsonObject Part()
    {
        var part = new JsonObject { ["type"] = _type, [Member] = _text.ToString() };
        if (_type == "output_text")
        {
            part[UrlCitations.Member] = _annotations.DeepClone();
            part["logprobs"] = _logprobs.DeepClone();
        }

        return part;
    }

    private (string, JsonNode?)[] Logprobs(JsonArray logprobs) =>
        _type == "output_text" ? [("logprobs", logprobs)] : [];
}
