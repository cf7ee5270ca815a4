using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.OpenAI.Chat;

namespace CogniForge.Llm.Providers.Mock;

/// <summary>The mock's response to a chat request.</summary>
internal sealed class MockChat
{
    /// <summary>
    /// The maximum output of a response in tokens, over all choices; a log probability of a token, or of an
    /// alternative, counts as eight.
    /// </summary>
    public const int MaxOutputTokens = 16_384;

    private const int CharactersPerToken = 4;
    private static readonly ChatAdapter _adapter = new();
    private readonly JsonObject _response;

    private MockChat(JsonObject response, int outputTokens) => (_response, OutputTokens) = (response, outputTokens);

    public int OutputTokens { get; }

    /// <param name="body">A chat request.</param>
    /// <param name="tool">The tool to call; null lets the request decide.</param>
    /// <param name="now">The creation time.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static MockChat Create(
        JsonElement body,
        string? tool,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var messages =
            body.TryGetProperty("messages", out var list) && list.ValueKind == JsonValueKind.Array
                ? [.. list.EnumerateArray()]
                : Array.Empty<JsonElement>();
        var count = body.TryGetProperty("n", out var n) && n.TryGetInt32(out var requested) ? requested : 1;
        var maxTokens = Math.Max(1, MaxOutputTokens / (count * MockLogprobs.CountPerToken(body)));
        var (userText, input) = ReadMessages(messages);
        var maxCharacters = maxTokens * CharactersPerToken;
        var (message, finish, tokens) =
            MockTools.Call(body, tool, userText, messages, maxCharacters, count, cancellationToken)
            ?? Echo(body, userText, maxTokens);
        var logprobs = MockLogprobs.Create(body, message, Tokens);
        var output = tokens * count;
        JsonNode[] choices =
        [
            .. Enumerable
                .Range(0, count)
                .Select(i => new JsonObject
                {
                    ["index"] = i,
                    ["message"] = message.DeepClone(),
                    ["logprobs"] = logprobs?.DeepClone(),
                    ["finish_reason"] = finish,
                }),
        ];

        return new(
            new JsonObject
            {
                ["id"] = $"chatcmpl-{Guid.CreateVersion7(now):N}",
                ["object"] = "chat.completion",
                ["created"] = now.ToUnixTimeSeconds(),
                ["model"] = Text(body, "model"),
                ["choices"] = new JsonArray(choices),
                ["usage"] = new JsonObject
                {
                    ["prompt_tokens"] = input,
                    ["completion_tokens"] = output,
                    ["total_tokens"] = input + output,
                },
            },
            output
        );
    }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(_response, WireJson.Options);

    /// <summary>Returns the response as a stream of about one token per event.</summary>
    public IEnumerable<SseEvent> ToStream() => _adapter.Replay(_response).SelectMany(ByToken).Append(SseEvent.Done);

    private static (string UserText, int Tokens) ReadMessages(IReadOnlyList<JsonElement> messages)
    {
        var tokens = messages.Sum(m => TokenEstimator.Estimate(MockText.CountCharacters(m)));
        var user = messages.LastOrDefault(m => Text(m, "role") == "user");
        var text =
            user.ValueKind == JsonValueKind.Undefined
                ? ""
                : MockText.Read(user, MaxOutputTokens * CharactersPerToken);
        return (Truncate(text, MaxOutputTokens), tokens);
    }

    private static (JsonObject Message, string Finish, int Tokens) Echo(
        JsonElement body,
        string userText,
        int maxTokens
    )
    {
        var text =
            MockJson.CreateContent(body, userText, maxTokens * CharactersPerToken) ?? $"You said: {userText}";
        var finish = "stop";
        text = text[
            ..Stops(body)
                .Select(s => text.IndexOf(s, StringComparison.Ordinal))
                .Where(i => i >= 0)
                .DefaultIfEmpty(text.Length)
                .Min()
        ];
        var max = Math.Min(Limit(body) ?? maxTokens, maxTokens);
        if (TokenEstimator.Estimate(text.Length) > max)
        {
            (text, finish) = (Truncate(text, max), "length");
        }

        return (
            new JsonObject
            {
                ["role"] = "assistant",
                ["content"] = text,
                ["refusal"] = null,
            },
            finish,
            TokenEstimator.Estimate(text.Length)
        );
    }

    private static int? Limit(JsonElement body) =>
        (body.TryGetProperty("max_completion_tokens", out var max) || body.TryGetProperty("max_tokens", out max))
        && max.ValueKind == JsonValueKind.Number
            ? max.GetInt32()
            : null;

    private static string[] Stops(JsonElement body) =>
        (body.TryGetProperty("stop", out var stop) ? stop.ValueKind : default) switch
        {
            JsonValueKind.String => [stop.GetString()!],
            JsonValueKind.Array => [.. stop.EnumerateArray().Select(s => s.GetString()!)],
            _ => [],
        };

    /// <summary>Splits an event with a long text into several, each with its part of the log probabilities.</summary>
    private static IEnumerable<SseEvent> ByToken(SseEvent item)
    {
        var chunk = JsonNode.Parse(item.Data.Span)!;
        if (
            chunk["choices"] is not JsonArray { Count: 1 } choices
            || choices[0]!["delta"]?["content"]?.GetValue<string>() is not { Length: > 4 } text
        )
        {
            yield return item;
            yield break;
        }

        var logprobs = choices[0]!["logprobs"]?["content"]?.AsArray();
        foreach (var (i, token) in Tokens(text).Index())
        {
            choices[0]!["delta"]!["content"] = token;
            if (logprobs is not null)
            {
                choices[0]!["logprobs"]!["content"] = new JsonArray(logprobs[i]!.DeepClone());
            }

            yield return SseEvent.Create(item.Name, chunk);
        }
    }

    private static IEnumerable<string> Tokens(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = End(text, Math.Min(start + CharactersPerToken, text.Length), atLeast: start + 1);
            yield return text[start..end];
            start = end;
        }
    }

    private static string Truncate(string text, int tokens) =>
        TokenEstimator.Estimate(text.Length) > tokens ? text[..End(text, tokens * CharactersPerToken)] : text;

    // A four-character token may end inside a surrogate pair; the text of a response must not.
    private static int End(string text, int end, int atLeast = 0)
    {
        if (end >= text.Length || !char.IsHighSurrogate(text[end - 1]))
        {
            return end;
        }

        return end - 1 >= atLeast && end - 1 > 0 ? end - 1 : end + 1;
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
