using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Providers.Mock;

/// <summary>
/// Deterministic vectors of length 1: the normalized sum of one pseudo-random vector per word, so that texts with
/// common words are similar.
/// </summary>
internal static class MockEmbeddings
{
    private const int DefaultDimensions = 256;
    private const int MaxDimensions = 4096;
    private const int MaxInputs = 2048; // as at OpenAI
    private const int MaxNumbers = 128 * DefaultDimensions; // 0.4 MB, as often as unread connections
    private const int MaxWordNumbers = 16_384 * DefaultDimensions; // 0.1 s
    private const int MaxWordLength = 64;

    /// <summary>Validates the request; returns the rule that it breaks, or null.</summary>
    public static string? Validate(JsonElement body)
    {
        var dimensions = GetDimensions(body);
        var input = body.GetProperty("input");
        var inputs = input.ValueKind == JsonValueKind.Array && !IsTokens(input) ? input.GetArrayLength() : 1;
        return FindInvalid(input) is { } path ? $"{path} must be a string of valid Unicode"
            : inputs > MaxInputs ? $"input must have at most {MaxInputs} texts"
            : inputs * dimensions > MaxNumbers ? $"input × dimensions must be at most {MaxNumbers} numbers"
            : CountWords(input) * dimensions > MaxWordNumbers
                ? $"input must have at most {MaxWordNumbers / dimensions} words of up to {MaxWordLength} characters, "
                    + $"at {dimensions} dimensions"
            : null;
    }

    /// <summary>Creates the response to a valid request.</summary>
    public static ReadOnlyMemory<byte> Create(JsonElement body, CancellationToken cancellationToken)
    {
        var dimensions = GetDimensions(body);
        var asBase64 = body.TryGetProperty("encoding_format", out var format) && format.ValueEquals("base64");
        var tokens = 0;
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        foreach (var (i, text) in Inputs(body.GetProperty("input")).Index())
        {
            tokens += TokenEstimator.Estimate(text.Length);
            json.WriteStartObject();
            json.WriteString("object", "embedding");
            json.WriteNumber("index", i);
            json.WritePropertyName("embedding");
            WriteVector(json, Embed(text, dimensions, cancellationToken), asBase64);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("model", body.GetProperty("model").GetString());
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", tokens);
        json.WriteNumber("total_tokens", tokens);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteVector(Utf8JsonWriter json, float[] vector, bool asBase64)
    {
        if (asBase64)
        {
            json.WriteBase64StringValue(MemoryMarshal.AsBytes(vector.AsSpan()));
            return;
        }

        json.WriteStartArray();
        foreach (var number in vector)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }

    private static int GetDimensions(JsonElement body) =>
        body.TryGetProperty("dimensions", out var d)
        && d.ValueKind == JsonValueKind.Number
        && d.TryGetInt32(out var requested)
            ? Math.Clamp(requested, 1, MaxDimensions)
            : DefaultDimensions;

    private static bool IsTokens(JsonElement input) =>
        input.GetArrayLength() > 0 && input[0].ValueKind == JsonValueKind.Number;

    // A longer word takes as long to hash as several.
    private static long CountWords(JsonElement input) =>
        Inputs(input).Sum(text => 1L + text.AsSpan().Count(' ') + (text.Length / MaxWordLength));

    /// <summary>Reads the input: one or several texts, or the tokens of one or several texts.</summary>
    private static IEnumerable<string> Inputs(JsonElement input) =>
        input.ValueKind switch
        {
            JsonValueKind.Array when IsTokens(input) => [input.GetRawText()],
            JsonValueKind.Array => input
                .EnumerateArray()
                .Select(i => i.ValueKind == JsonValueKind.String ? i.GetString()! : i.GetRawText()),
            _ => [input.ToString()],
        };

    private static string? FindInvalid(JsonElement input) =>
        IsInvalid(input) ? "input"
        : input.Items().Index().FirstOrDefault(i => IsInvalid(i.Item)) is { Item.ValueKind: JsonValueKind.String } found
            ? $"input[{found.Index}]"
        : null;

    private static bool IsInvalid(JsonElement text) =>
        text.ValueKind == JsonValueKind.String && text.ValidText() is null;

    private static float[] Embed(string text, int dimensions, CancellationToken cancellationToken)
    {
        var sum = new double[dimensions];
        foreach (
            var word in text.ToUpperInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries).DefaultIfEmpty("")
        )
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var block = 0; block * 32 < dimensions; block++)
            {
                var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{block} {word}"));
                for (var i = 0; i < 32 && (block * 32) + i < dimensions; i++)
                {
                    sum[(block * 32) + i] += hash[i] - 127.5;
                }
            }
        }

        var length = Math.Sqrt(sum.Sum(x => x * x));
        return [.. sum.Select(x => (float)(x / length))];
    }
}
