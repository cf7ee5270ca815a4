using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Protocols.Anthropic;

/// <summary>Anthropic's <c>POST messages</c>.</summary>
internal sealed class MessagesAdapter : ProtocolAdapter
{
    public override Protocol Protocol => Protocol.Messages;

    public override string Path => "messages";

    /// <summary>Empty: <c>message_stop</c> is the provider's own last event.</summary>
    public override IReadOnlyList<SseEvent> StreamEnd => [];

    public override ReadOnlyMemory<byte> KeepAlive { get; } =
        "event: ping\ndata: {\"type\": \"ping\"}\n\n"u8.ToArray();

    protected override ResponseMetadata ReadCore(JsonElement response)
    {
        var usage = new MessagesUsage();
        usage.Apply(response.Member("usage"));
        foreach (var block in response.Member("content").Items())
        {
            usage.Tools.SeeBlock(block);
        }

        return new(
            response.Text("id"),
            response.Text("model"),
            response.Text("stop_reason"),
            usage.Tokens,
            response.Member("error") is { ValueKind: JsonValueKind.Object } error
                ? ProviderErrorClassifier.ClassifyError(error)
                : null,
            ServiceTier: usage.ServiceTier
        )
        {
            InferenceGeo = usage.InferenceGeo,
            ToolUses = usage.Tools.Counts,
        };
    }

    protected override IReadOnlyList<string> ReadStateIdsCore(JsonElement response) =>
        ProviderStateIds.ReadNested(response);

    public override ProtocolStreamReader CreateStreamReader() => new MessagesStreamReader();

    public override JsonObject Error(ClientError error) => MessagesErrors.Write(error);

    public override SseEvent StreamError(ClientError error, int eventsSent) =>
        SseEvent.Create("error", MessagesErrors.Write(error));

    /// <exception cref="JsonException">The events do not form a stream of this protocol.</exception>
    public override JsonObject Aggregate(IEnumerable<SseEvent> events)
    {
        var aggregator = new MessagesStreamAggregator();
        foreach (var item in events)
        {
            aggregator.Add(StrictJson.Parse(item.Data.Span), item.Name);
        }

        return aggregator.Message();
    }

    public override IEnumerable<SseEvent> Replay(JsonObject response) => MessagesStreamReplayer.Replay(response);
}
