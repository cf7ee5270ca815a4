using System.Text.Json;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Resilience;

/// <summary>Finds the error in a provider's error response, whatever its JSON shape.</summary>
internal static class ProviderErrorReader
{
    private const int MaxText = 300;
    private static readonly string[] _messages =
    [
        "message",
        "Message",
        "detail",
        "msg",
        "error_message",
        "error_msg",
        "status_msg",
        "title",
    ];

    /// <summary>Finds the object, or the text, that describes the error; null: the body has none.</summary>
    /// <remarks>
    /// OpenAI and Anthropic: <c>{"error":{}}</c>; vLLM: the body itself; Gemini: an array with one such body;
    /// FastAPI: <c>{"detail":""}</c> or <c>{"detail":[{"msg":""}]}</c>; MiniMax:
    /// <c>{"base_resp":{"status_msg":""}}</c>; others: <c>{"errors":[{}]}</c>.
    /// </remarks>
    public static JsonElement? Find(JsonElement body)
    {
        if (body.ValueKind == JsonValueKind.Array)
        {
            return body.Items().Select(Find).FirstOrDefault(e => e is not null);
        }

        foreach (var name in (string[])["error", "errors", "base_resp"])
        {
            var error = body.Member(name);
            error = error.ValueKind == JsonValueKind.Array ? error.Items().FirstOrDefault() : error;
            if (error.IsPresent())
            {
                return error.Member("error").ValueKind == JsonValueKind.Object ? error.Member("error") : error;
            }
        }

        return FindMessage(body) is null ? null : body;
    }

    /// <summary>The message of an error; null: it has none.</summary>
    public static string? FindMessage(JsonElement error)
    {
        if (error.ValueKind != JsonValueKind.Object)
        {
            return error.Text();
        }

        // OpenRouter's own message says nothing: the reason of the model's provider is apart (open-webui/computer#293).
        if (FindReason(error.Member("metadata").Member("raw")) is { } reason)
        {
            return reason;
        }

        foreach (var name in _messages)
        {
            var value = error.Member(name);
            var text = FindMessage(value.ValueKind == JsonValueKind.Array ? value.Items().FirstOrDefault() : value);
            if (text is not null)
            {
                return FindInnerMessage(text) ?? FindPlace(error) + text;
            }
        }

        return null;
    }

    /// <summary>FastAPI names the field apart: <c>{"loc":["body","top_k"],"msg":"Input should be …"}</c>.</summary>
    private static string? FindPlace(JsonElement error) =>
        string.Join('.', error.Member("loc").Items().Select(GetPart).Where(p => p is not (null or "body")))
            is { Length: > 0 and <= MaxText } place
            ? $"{place}: "
            : null;

    private static string? GetPart(JsonElement part) =>
        part.ValueKind == JsonValueKind.Number ? part.GetRawText() : part.Text();

    /// <summary>The text of a body that is not JSON; null: it is empty, too long or a page for browsers.</summary>
    public static string? ReadText(string body) =>
        body.Trim() is { Length: > 0 and <= MaxText } text && text[0] is not ('<' or '{' or '[') ? text : null;

    private static string? FindReason(JsonElement raw) =>
        raw.Text() is { } text ? FindInnerMessage(text) ?? ReadText(text)
        : raw.ValueKind == JsonValueKind.Object && Find(raw) is { } error ? FindMessage(error)
        : null;

    /// <summary>Proxies put the whole error body of the next provider into the message.</summary>
    private static string? FindInnerMessage(string text)
    {
        if (!text.TrimStart().StartsWith('{'))
        {
            return null;
        }

        try
        {
            using var inner = JsonDocument.Parse(text);
            return Find(inner.RootElement) is { } error ? FindMessage(error) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
