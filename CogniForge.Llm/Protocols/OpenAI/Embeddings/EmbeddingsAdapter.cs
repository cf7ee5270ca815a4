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
    /// Encodes vectors in base64 if the client requests it, as OpenAI's SDKs do. Several servers support only arrays of
    /// numbers, which those SDKs read as empty vectors.
    /// </summary>
    public override ReadOnlyMemory<byte> ConvertToRequestedFormat(
        JsonElement request,
        JsonElement response,
        ReadOnlyMemory<byte> body
    )
    {
        if (request.Text("encoding_format") != "base64" || !response.Member("data").Items().Any(IsNumbers))
        {
            return body;
        }

        var result = StrictJson.Parse(body.Span);
        foreach (var (item, received) in result["data"]!.AsArray().Zip(response.Member("data").Items()))
        {
            if (IsNumbers(received))
            {
                float[] vector = [.. received.Member("embedding").EnumerateArray().Select(n => n.GetSingle())];
                item!["embedding"] = Convert.ToBase64String(MemoryMarshal.AsBytes(vector.AsSpan()));
            }
        }

        return JsonSerializer.SerializeToUtf8Bytes(result, WireJson.Options);
    }

    public override ProtocolStreamReader CreateStreamReader() => throw StreamingNotSupported();

    public override JsonObject Error(ClientError error) => OpenAIError.Write(error);

    public override SseEvent StreamError(ClientError error, int eventsSent) => throw StreamingNotSupported();

    public override JsonObject Aggregate(IEnumerable<SseEvent> events) => throw StreamingNotSupported();

    public override IEnumerable<SseEvent> Replay(JsonObject response) => throw StreamingNotSupported();

    /// <summary>Always empty: vectors are not output tokens.</summary>
    public override TextSample ReadOutput(ReadOnlySpan<byte> response) => new();

    private static bool IsNumbers(JsonElement item) =>
        item.Member("embedding") is { ValueKind: JsonValueKind.Array } vector
        && vector.EnumerateArray().All(n => n.ValueKind == JsonValueKind.Number);

    private static NotSupportedException StreamingNotSupported() => new("Embeddings do not support streaming.");
}
