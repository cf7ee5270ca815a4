using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Domain.Failures;
using CogniForge.Llm.Domain.Protocols.Chat;
using CogniForge.Llm.Domain.Protocols.OpenAi;

namespace CogniForge.Llm.Domain.Protocols.Embeddings;

/// <summary>OpenAI's embeddings. They have no streams.</summary>
internal sealed class EmbeddingsDialect : Dialect
{
    public override Protocol Protocol => Protocol.Embeddings;

    public override string Path => "embeddings";

    public override IReadOnlyList<SseEvent> End => [];

    public override AnswerFacts Read(JsonElement answer) => new(
        answer.Text("id"), answer.Text("model"), null, ChatUsage.Read(answer.Member("usage")),
        OpenAiError.Find(answer) ?? (answer.Member("data").ValueKind == JsonValueKind.Array ? null : new(ErrorCategory.BrokenAnswer, "The provider's answer has no data.")),
        ChatUsage.Cost(answer.Member("usage")));

    public override StreamReader ReadStream() => throw NoStreams();

    public override JsonObject Error(ClientError error) => OpenAiError.Write(error);

    public override SseEvent StreamError(ClientError error) => throw NoStreams();

    public override JsonObject Collect(IEnumerable<SseEvent> events) => throw NoStreams();

    public override IEnumerable<SseEvent> Replay(JsonObject answer) => throw NoStreams();

    /// <summary>None: vectors are no tokens.</summary>
    public override int OutputCharacters(ReadOnlySpan<byte> answer) => 0;

    private static NotSupportedException NoStreams() => new("Embeddings have no streams.");
}
