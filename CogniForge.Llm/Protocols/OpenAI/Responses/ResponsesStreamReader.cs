using System.Text.Json;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Protocols.OpenAI.Responses;

internal sealed class ResponsesStreamReader : ProtocolStreamReader
{
    private readonly ToolUses _tools = new();

    protected override StreamEventKind ReadCore(SseEvent item)
    {
        if (item.IsDone)
        {
            return StreamEventKind.End;
        }

        using var document = JsonDocument.Parse(item.Data);
        var data = document.RootElement;
        if (OpenAIError.Find(item, data) is { } error)
        {
            return Fail(error);
        }

        if (data.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("An event must be a JSON object.");
        }

        switch (data.Text("type") ?? item.Name)
        {
            case "error":
                return Fail(ProviderErrorClassifier.ClassifyError(data));
            case "response.created" or "response.queued" or "response.in_progress":
                var started = ResponsesAdapter.ReadMetadata(Response(data));
                Metadata = Metadata with { Id = started.Id, Model = started.Model };
                return StreamEventKind.Preamble;
            case "response.completed" or "response.incomplete":
                Metadata = ResponsesAdapter.ReadMetadata(Response(data));
                AddStateIds(ProviderStateIds.ReadResponse(Response(data)));
                IsComplete = Metadata.Error is null;
                return IsComplete ? StreamEventKind.Content : StreamEventKind.Error;
            case "response.failed":
                Metadata = ResponsesAdapter.ReadMetadata(Response(data));
                return Fail(Metadata.Error ?? new(ErrorCategory.ServerError, "The provider's response failed."));
            case "response.output_item.done":
                _tools.SeeItem(data.Member("item"));
                Metadata = Metadata with { ToolUses = _tools.Counts };
                return StreamEventKind.Content;
            case "response.output_item.added"
            or "response.content_part.added"
            or "response.reasoning_summary_part.added"
            or "keepalive"
            or "ping":
                return StreamEventKind.Preamble;
            case null:
                throw new JsonException("An event must have a type.");
            default:
                Output.Add(data.Member("delta"));
                return StreamEventKind.Content;
        }
    }

    private StreamEventKind Fail(ProviderError error)
    {
        Metadata = Metadata with { Error = error };
        return StreamEventKind.Error;
    }

    private static JsonElement Response(JsonElement data) =>
        data.Member("response") is { ValueKind: JsonValueKind.Object } response
            ? response
            : throw new JsonException("response must be an object.");
}
