using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CogniForge.Llm.Providers.Mock;

/// <summary>
/// Deterministic log probabilities of the mock's tokens. They depend only on a token's position: the first is likely,
/// the following ones less so, repeating every ten tokens.
/// </summary>
internal static class MockLogprobs
{
    /// <summary>The maximum of <c>top_logprobs</c>, as at OpenAI.</summary>
    public const int MaxAlternatives = 20;

    /// <summary>Validates the request; returns the rule that it breaks, or null.</summary>
    public static string? Validate(JsonElement body) =>
        !body.TryGetProperty("top_logprobs", out var top) || top.ValueKind == JsonValueKind.Null ? null
        : top.ValueKind != JsonValueKind.Number || !top.TryGetInt32(out var count) || count is < 0 or > MaxAlternatives
            ? $"top_logprobs must be 0 to {MaxAlternatives}"
        : !AreRequested(body) ? "top_logprobs requires logprobs: true"
        : null;

    /// <summary>The number of texts per token: the token itself and, if requested, its alternatives.</summary>
    public static int CountPerToken(JsonElement body) => AreRequested(body) ? 1 + CountAlternatives(body) : 1;

    /// <summary>Creates the log probabilities of a message's text; null if not requested or without text.</summary>
    /// <param name="body">The request.</param>
    /// <param name="message">The message.</param>
    /// <param name="tokens">Splits a text into tokens.</param>
    public static JsonObject? Create(JsonElement body, JsonObject message, Func<string, IEnumerable<string>> tokens)
    {
        if (!AreRequested(body) || message["content"]?.GetValue<string>() is not { } text)
        {
            return null;
        }

        var alternatives = CountAlternatives(body);
        return new()
        {
            ["content"] = new JsonArray([.. tokens(text).Select((t, i) => Token(t, i, alternatives))]),
            ["refusal"] = null,
        };
    }

    private static int CountAlternatives(JsonElement body) =>
        body.TryGetProperty("top_logprobs", out var top) && top.ValueKind == JsonValueKind.Number ? top.GetInt32() : 0;

    private static bool AreRequested(JsonElement body) =>
        body.TryGetProperty("logprobs", out var logprobs) && logprobs.ValueKind == JsonValueKind.True;

    private static JsonObject Token(string token, int position, int alternatives)
    {
        // 99 % down to 90 %; the alternatives together have less than the rest.
        var likely = Entry(token, -0.01 * ((position % 10) + 1));
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
