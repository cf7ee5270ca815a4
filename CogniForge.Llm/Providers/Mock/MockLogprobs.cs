using System.Buffers;
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

    // The log probability of a token has about 70 bytes in JSON, a token of text four.
    private const int Weight = 8;

    /// <summary>What a token counts: one, or more with log probabilities, of it and its alternatives.</summary>
    public static int CountPerToken(JsonElement body) =>
        AreRequested(body) ? Weight * (1 + CountAlternatives(body)) : 1;

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

        // As a tree of nodes, it would take ten times the memory.
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            var alternatives = CountAlternatives(body);
            json.WriteStartObject();
            json.WriteStartArray("content");
            foreach (var (i, token) in tokens(text).Index())
            {
                WriteToken(json, token, i, alternatives);
            }

            json.WriteEndArray();
            json.WriteNull("refusal");
            json.WriteEndObject();
        }

        return JsonNode.Parse(buffer.WrittenSpan)!.AsObject();
    }

    private static int CountAlternatives(JsonElement body) =>
        body.TryGetProperty("top_logprobs", out var top) && top.ValueKind == JsonValueKind.Number ? top.GetInt32() : 0;

    private static bool AreRequested(JsonElement body) =>
        body.TryGetProperty("logprobs", out var logprobs) && logprobs.ValueKind == JsonValueKind.True;

    // 99 % down to 90 %; the alternatives together have less than the rest.
    private static void WriteToken(Utf8JsonWriter json, string token, int position, int alternatives)
    {
        var likely = -0.01 * ((position % 10) + 1);
        json.WriteStartObject();
        WriteEntry(json, token, likely);
        json.WriteStartArray("top_logprobs");
        for (var i = 0; i < alternatives; i++)
        {
            json.WriteStartObject();
            WriteEntry(json, i == 0 ? token : $"{token}~{i}", i == 0 ? likely : -5 - i);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter json, string token, double logprob)
    {
        json.WriteString("token", token);
        json.WriteNumber("logprob", logprob);
        json.WriteStartArray("bytes");
        foreach (var value in Encoding.UTF8.GetBytes(token))
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }
}
