using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Translation;

/// <summary>
/// Carries OpenRouter's <c>reasoning_details</c> as the signature of the client's thinking: OpenRouter requires them
/// back unchanged within a tool loop. Carries LiteLLM's <c>thinking_blocks</c> likewise, and the thought signature of
/// Gemini's text, which Google asks for in the next turn (mozilla-ai/any-llm#1320). Signs plain reasoning too, because
/// some clients return only what is signed (Vercel's AI SDK).
/// </summary>
internal sealed class ReasoningDetails
{
    /// <summary>The member of a chat message.</summary>
    public const string Member = "reasoning_details";

    /// <summary>The member of a message in which Google's OpenAI endpoints have the signature of its text.</summary>
    public const string ExtraContent = "extra_content";

    private const string Prefix = Member + ":";
    private const string PlainPrefix = "reasoning_text:";
    private static readonly byte[] _prefix = Encoding.UTF8.GetBytes(Prefix);
    private static readonly string[] _texts = ["text", "summary", "thinking"];
    private readonly List<JsonObject> _details = [];

    // The last detail's texts by name: joining each fragment to the ones before would copy them all again.
    private readonly Dictionary<string, StringBuilder> _joined = new(StringComparer.Ordinal);

    /// <summary>
    /// Adds the details of a message or a delta, also LiteLLM's <c>thinking_blocks</c>; joins the fragments of one
    /// text.
    /// </summary>
    public void Add(JsonObject message)
    {
        Add(message[Member]);
        Add(message[ThinkingBlocks.Member]); // one for each fragment: BerriAI/litellm#29428
        AddExtraContent(message[ExtraContent]);
    }

    private void Add(JsonNode? details)
    {
        foreach (var detail in details.Objects())
        {
            IsOpaque |= detail["signature"].Text() is not null || detail["data"].Text() is not null;
            if (_details.LastOrDefault() is { } last && IsSameText(last, detail))
            {
                Merge(last, detail);
            }
            else
            {
                Begin(detail.DeepClone().AsObject());
            }
        }
    }

    /// <summary>Adds the thought signature of a message's text; in a stream, the last chunk has it.</summary>
    private void AddExtraContent(JsonNode? extra)
    {
        // One of google or vertex (earendil-works/pi#6733).
        if (extra is JsonObject members && members.Any(m => (m.Value as JsonObject)?["thought_signature"] is not null))
        {
            IsOpaque = true;
            Begin(new() { ["type"] = ExtraContent, [ExtraContent] = members.DeepClone() });
        }
    }

    private void Begin(JsonObject detail)
    {
        CompleteTexts();
        StreamBounds.CheckParts(_details.Count);
        _details.Add(detail);
    }

    /// <summary>Whether there are details that only their provider can read.</summary>
    public bool IsOpaque { get; private set; }

    /// <summary>
    /// Returns the details so far as a signature, and forgets them; null: there are none to return, or a plain text,
    /// whose signature may follow.
    /// </summary>
    public string? TakeSignature()
    {
        if (!IsOpaque)
        {
            return null;
        }

        CompleteTexts();
        var json = new JsonArray([.. _details]).ToJsonString(WireJson.Options);
        _details.Clear();
        IsOpaque = false;
        return Prefix + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
    }

    /// <summary>The signature of plain reasoning.</summary>
    /// <param name="text">The text; empty: the client returns it beside the signature.</param>
    public static string SignPlain(string text) =>
        PlainPrefix + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    /// <summary>The text in a signature of plain reasoning; empty: it has none.</summary>
    public static string GetPlainText(string? signature) =>
        signature?.StartsWith(PlainPrefix, StringComparison.Ordinal) == true
        && Base64Url.IsValid(signature.AsSpan(PlainPrefix.Length))
            ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(signature.AsSpan(PlainPrefix.Length)))
            : "";

    /// <summary>Whether a signature is the gateway's own, with details or of plain reasoning.</summary>
    public static bool IsCarriedBy(string? signature) =>
        signature?.StartsWith(Prefix, StringComparison.Ordinal) == true
        || signature?.StartsWith(PlainPrefix, StringComparison.Ordinal) == true;

    /// <summary>The JSON in the signature at the reader, before anything is parsed; empty: it carries none.</summary>
    public static ReadOnlySpan<byte> DecodeCarried(ref Utf8JsonReader json)
    {
        var text = json.ValueSpan;
        if (json.ValueIsEscaped)
        {
            if (!Utf8.IsValid(text) || !SurrogateRepair.IsValid(text))
            {
                return []; // a translation refuses it
            }

            var unescaped = new byte[text.Length];
            text = unescaped.AsSpan(0, json.CopyString(unescaped));
        }

        var carried = text.StartsWith(_prefix) ? text[Prefix.Length..] : [];
        return Base64Url.IsValid(carried) ? Base64Url.DecodeFromUtf8(carried) : [];
    }

    /// <summary>The details in a signature; none if it carries none.</summary>
    public static IEnumerable<JsonObject> FromSignature(string? signature)
    {
        if (
            signature?.StartsWith(Prefix, StringComparison.Ordinal) != true
            || !Base64Url.IsValid(signature.AsSpan(Prefix.Length))
        )
        {
            return [];
        }

        try
        {
            var json = JsonNode.Parse(Base64Url.DecodeFromChars(signature.AsSpan(Prefix.Length)));
            return [.. json.Objects().Select(d => d.DeepClone().AsObject())];
        }
        catch (JsonException)
        {
            return []; // a client's own text
        }
    }

    /// <summary>Whether a detail is Google's, not OpenRouter's.</summary>
    public static bool IsExtraContent(JsonObject detail) => detail["type"].Text() == ExtraContent;

    private static bool IsSameText(JsonObject last, JsonObject next) =>
        last["type"].Text() is "reasoning.text" or "reasoning.summary" or "thinking"
        && last["type"].Text() == next["type"].Text()
        && (last["signature"].Text() is not { } signed || next["signature"].Text() == signed || !HasText(next))
        && last["index"].Int64() == next["index"].Int64()
        && (next["id"].Text() is not { } id || last["id"].Text() is not { } lastId || lastId == id);

    private static bool HasText(JsonObject detail) => _texts.Any(name => detail[name].Text() is not null);

    private void Merge(JsonObject last, JsonObject next)
    {
        foreach (var (name, value) in next)
        {
            if (_texts.Contains(name))
            {
                if (!_joined.TryGetValue(name, out var text))
                {
                    _joined[name] = text = new(last[name].Text());
                }

                text.Append(value.Text());
                StreamBounds.CheckDetail(_joined.Values.Sum(t => t.Length));
            }
            else if (value is not null && (value.GetValueKind() != JsonValueKind.String || value.Text() is not null))
            {
                last[name] = value.DeepClone();
                StreamBounds.CheckParts(last.Count);
            }
        }
    }

    private void CompleteTexts()
    {
        foreach (var (name, text) in _joined)
        {
            _details[^1][name] = text.ToString();
        }

        _joined.Clear();
    }
}
