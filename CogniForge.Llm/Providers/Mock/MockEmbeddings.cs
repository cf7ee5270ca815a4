using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Pricing;

namespace CogniForge.Llm.Providers.Mock;

/// <summary>
/// Deterministic vectors of length 1: the normalized sum of one pseudo-random vector per word, so that texts with
/// common words are similar.
/// </summary>
internal static class MockEmbeddings
{
    private const int DefaultDimensions = 256;
    private const int MaxDimensions = 4096;

    public static byte[] Create(JsonElement body)
    {
        var dimensions =
            body.TryGetProperty("dimensions", out var d)
            && d.ValueKind == JsonValueKind.Number
            && d.TryGetInt32(out var requested)
                ? Math.Clamp(requested, 1, MaxDimensions)
                : DefaultDimensions;
        var asBase64 = body.TryGetProperty("encoding_format", out var format) && format.ValueEquals("base64");
        var data = new JsonArray();
        var tokens = 0;
        foreach (var (i, text) in Inputs(body.GetProperty("input")).Index())
        {
            tokens += TokenEstimator.Estimate(text.Length);
            var vector = Embed(text, dimensions);
            JsonNode embedding = asBase64
                ? Convert.ToBase64String(MemoryMarshal.AsBytes(vector.AsSpan()))
                : new JsonArray([.. vector.Select(x => JsonValue.Create(x))]);
            data.Add(
                (JsonNode)
                    new JsonObject
                    {
                        ["object"] = "embedding",
                        ["index"] = i,
                        ["embedding"] = embedding,
                    }
            );
        }

        return JsonSerializer.SerializeToUtf8Bytes(
            new JsonObject
            {
                ["object"] = "list",
                ["data"] = data,
                ["model"] = body.GetProperty("model").GetString(),
                ["usage"] = new JsonObject { ["prompt_tokens"] = tokens, ["total_tokens"] = tokens },
            }
        );
    }

    /// <summary>Reads the input: one or several texts, or the tokens of one or several texts.</summary>
    private static IEnumerable<string> Inputs(JsonElement input) =>
        input.ValueKind switch
        {
            JsonValueKind.Array when input.GetArrayLength() > 0 && input[0].ValueKind == JsonValueKind.Number =>
            [
                input.GetRawText(),
            ],
            JsonValueKind.Array => input
                .EnumerateArray()
                .Select(i => i.ValueKind == JsonValueKind.String ? i.GetString()! : i.GetRawText()),
            _ => [input.ToString()],
        };

    private static float[] Embed(string text, int dimensions)
    {
        var sum = new double[dimensions];
        foreach (
            var word in text.ToUpperInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries).DefaultIfEmpty("")
        )
        {
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
