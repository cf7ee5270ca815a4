using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.OpenAI.Chat;
using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Protocols.OpenAI.Embeddings;

/// <summary>OpenAI's embeddings, which do not support streaming.</summary>
internal sealed class EmbeddingsAdapter : ProtocolAdapter
{
    public override Protocol Protocol => Protocol.Embeddings;

    public override string Path => "embeddings";

    public override IReadOnlyList<SseEvent> StreamEnd => [];

    protected override ResponseMetadata ReadCore(JsonElement response) =>
        new(
            response.Text("id"),
            response.Text("model"),
            null,
            ChatUsage.Read(response.Member("usage")),
            OpenAIError.Find(response)
                ?? (
                    response.Member("data").ValueKind == JsonValueKind.Array
                        ? null
                        : new(ErrorCategory.InvalidResponse, "The provider's response has no data.")
                ),
            ChatUsage.Cost(response.Member("usage"))
        );

    /// <summary>
    /// Encodes vectors in base64 if the client requests it, as OpenAI's SDKs do, and decodes them otherwise. Several
    /// servers support only one of both; those SDKs read arrays of numbers as empty vectors.
    /// </summary>
    public override ReadOnlyMemory<byte> ConvertToRequestedFormat(
        JsonElement request,
        JsonElement response,
        ReadOnlyMemory<byte> body
    )
    {
        Func<JsonElement, JsonNode?>? convert = GetFormat(request) switch
        {
            "base64" => Encode,
            "float" => Decode,
            _ => null,
        };
        var vectors = convert is null ? [] : response.Member("data").Items().Select(i => convert(i)).ToList();
        if (vectors.TrueForAll(v => v is null))
        {
            return body;
        }

        var result = StrictJson.Parse(body.Span);
        foreach (var (item, vector) in result["data"]!.AsArray().Zip(vectors))
        {
            if (vector is not null)
            {
                item!["embedding"] = vector;
            }
        }

        return WireJson.Write(result);
    }

    public override ProtocolStreamReader CreateStreamReader() => throw StreamingNotSupported();

    public override JsonObject Error(ClientError error) => OpenAIError.Write(error);

    public override SseEvent StreamError(ClientError error, int eventsSent) => throw StreamingNotSupported();

    public override JsonObject Aggregate(IEnumerable<SseEvent> events) => throw StreamingNotSupported();

    public override IEnumerable<SseEvent> Replay(JsonObject response) => throw StreamingNotSupported();

    /// <summary>Always empty: vectors are not output tokens.</summary>
    public override TextSample ReadOutput(ReadOnlySpan<byte> response) => new();

    /// <summary>The requested format; null: another type of number, which base64 then encodes.</summary>
    private static string? GetFormat(JsonElement request) =>
        request.Text("output_dtype") is null or "float" ? request.Text("encoding_format") ?? "float" : null;

    /// <summary>A vector of numbers in base64; null: it is none.</summary>
    private static JsonNode? Encode(JsonElement item)
    {
        var vector = item.Member("embedding");
        if (vector.ValueKind != JsonValueKind.Array || vector.Items().Any(n => n.ValueKind != JsonValueKind.Number))
        {
            return null;
        }

        float[] numbers = [.. vector.EnumerateArray().Select(n => n.GetSingle())];
        return Convert.ToBase64String(MemoryMarshal.AsBytes(numbers.AsSpan()));
    }

    /// <summary>A vector in base64 as numbers; null: it is none, or has numbers that JSON lacks.</summary>
    private static JsonNode? Decode(JsonElement item)
    {
        if (
            item.Text("embedding") is not { } text
            || !Base64.IsValid(text)
            || Convert.FromBase64String(text) is not { } bytes
            || bytes.Length % sizeof(float) != 0
        )
        {
            return null;
        }

        var numbers = MemoryMarshal.Cast<byte, float>(bytes).ToArray();
        return Array.TrueForAll(numbers, float.IsFinite) ? JsonSerializer.SerializeToNode(numbers) : null;
    }

    private static NotSupportedException StreamingNotSupported() => new("Embeddings do not support streaming.");
}
