using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CogniForge.Llm.Providers.Mock;

/// <summary>Log probabilities of the mock's tokens, which depend on nothing but a token's place: the first is likely, the following ones less so, over again every ten.</summary>
internal static class MockLogprobs
{
    /// <summary>The most alternatives of a token; as OpenAI's.</summary>
    public const int MaxAlternatives = 20;

    /// <summary>The rule that a request breaks; null: none.</summary>
    public static string? Fault(JsonElement body) =>
        !body.TryGetProperty("top_logprobs", out var top) || top.ValueKind == JsonValueKind.Null ? null
        : top.ValueKind != JsonValueKind.Number || !top.TryGetInt32(out var count) || count is < 0 or > MaxAlternatives
            ? $"top_logprobs must be 0 to {MaxAlternatives}"
        : !AreAsked(body) ? "top_logprobs must come with logprobs: true"
        : null;

    /// <summary>The log probabilities of a message's text; null when they are not asked for or there is no text.</summary>
    /// <param name="body">The request.</param>
    /// <param name="message">The message.</param>
    /// <param name="tokens">Divides a text.</param>
    public static JsonObject? Create(JsonElement body, JsonObject message, Func<string, IEnumerable<string>> tokens)
    {
        if (!AreAsked(body) || message["content"]?.GetValue<string>() is not { } text)
        {
            return null;
        }

        var alternatives =
            body.TryGetProperty("top_logprobs", out var top) && top.ValueKind == JsonValueKind.Number
                ? top.GetInt32()
                : 0;
        return new()
        {
            ["content"] = new JsonArray([.. tokens(text).Select((t, i) => Token(t, i, alternatives))]),
            ["refusal"] = null,
        };
    }

    private static bool AreAsked(JsonElement body) =>
        body.TryGetProperty("logprobs", out var asked) && asked.ValueKind == JsonValueKind.True;

    private static JsonObject Token(string token, int place, int alternatives)
    {
        // From 99 % to 90 %, and the alternatives share less than the rest.
        var likely = Entry(token, -0.01 * ((place % 10) + 1));
        likely["top_logprobs"] = new JsonArray([
            .. Enumerable
                .Range(0, alternatives)
                .Select(i =>
                    i == 0 ? Entry(token, likely["logprob"]!.GetValue<double>()) : Entry($"{token}~{i}", -5 - i)
                ),
        ]);
        return likely;
    }

    private static JsonObject Entry(string token, double logprob) =>
        new()
        {
            ["token"] = token,
            ["logprob"] = logprob,
            ["bytes"] = new JsonArray([.. Encoding.UTF8.GetBytes(token).Select(b => JsonValue.Create((int)b))]),
        };
}
