using System.Text.Json;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Protocols.Anthropic;

internal sealed class MessagesStreamReader : ProtocolStreamReader
{
    private readonly MessagesUsage _usage = new();

    protected override StreamEventKind ReadCore(SseEvent item)
    {
        if (item.IsDone)
        {
            return StreamEventKind.End; // vLLM sends [DONE] in this protocol too
        }

        using var document = JsonDocument.Parse(item.Data);
        var data = document.RootElement;
        return data.ValueKind == JsonValueKind.Object
            ? Read(data, item.IsError ? item.Name : data.Text("type") ?? item.Name)
            : throw new JsonException("The event is not a JSON object.");
    }

    private StreamEventKind Read(JsonElement data, string? type)
    {
        switch (type)
        {
            case "message_start":
                var message = data.Member("message");
                Metadata = Metadata with { Id = message.Text("id"), Model = message.Text("model") };
                Apply(message.Member("usage"));
                AddStateIds(ProviderStateIds.ReadNested(message));
                return StreamEventKind.Preamble;
            case "content_block_start":
                Count(data.Member("content_block"));
                _usage.Tools.SeeBlock(data.Member("content_block"));
                Metadata = Metadata with { ToolUses = _usage.Tools.Counts };
                AddStateIds(ProviderStateIds.ReadNested(data.Member("content_block")));
                return StreamEventKind.Preamble;
            case "content_block_delta":
                Count(data.Member("delta"));
                return StreamEventKind.Content;
            case "message_delta":
                Metadata = Metadata with
                {
                    FinishReason = data.Member("delta").Text("stop_reason") ?? Metadata.FinishReason,
                };
                Apply(data.Member("usage"));
                AddStateIds(ProviderStateIds.ReadNested(data.Member("delta")));
                IsComplete |= Metadata.FinishReason is not null;
                return StreamEventKind.Content;
            case "message_stop":
                IsComplete = true;
                return StreamEventKind.Content;
            case "content_block_stop":
                return StreamEventKind.Content;
            case "error":
                var error = data.Member("error") is var inner && inner.IsPresent() ? inner : data;
                Metadata = Metadata with { Error = ProviderErrorClassifier.ClassifyError(error) };
                return StreamEventKind.Error;
            case null when data.Member("error").ValueKind == JsonValueKind.Object:
                goto case "error";
            case null:
                throw new JsonException("The event has no type.");
            default:
                return StreamEventKind.Preamble; // ping and unknown types
        }
    }

    private void Apply(JsonElement usage)
    {
        if (usage.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        _usage.Apply(usage);
        Metadata = Metadata with
        {
            Usage = _usage.Tokens,
            ServiceTier = _usage.ServiceTier,
            InferenceGeo = _usage.InferenceGeo,
            ToolUses = _usage.Tools.Counts,
        };
    }

    private void Count(JsonElement part)
    {
        Output.Add(part.Member("text"));
        Output.Add(part.Member("partial_json"));
        Output.Add(part.Member("thinking"));
    }
}
