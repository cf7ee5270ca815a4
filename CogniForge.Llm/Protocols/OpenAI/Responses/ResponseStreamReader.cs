using System.Text.Json;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Protocols.OpenAI.Responses;

/// <summary>Follows the events of a response.</summary>
internal sealed class ResponseStreamReader : StreamReader
{
    public override EventKind Read(SseEvent item)
    {
        if (item.IsDone)
        {
            return EventKind.End;
        }

        using var document = JsonDocument.Parse(item.Data);
        var data = document.RootElement;
        if (data.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("An event must be a JSON object.");
        }

        if (OpenAiError.Find(data) is { } failure)
        {
            return Fail(failure);
        }

        switch (data.Text("type") ?? item.Name)
        {
            case "error":
                return Fail(FailureRules.OfError(data));
            case "response.created" or "response.queued" or "response.in_progress":
                var begun = ResponsesDialect.Facts(Response(data));
                Facts = Facts with { Id = begun.Id, Model = begun.Model };
                return EventKind.Preamble;
            case "response.completed" or "response.incomplete":
                Facts = ResponsesDialect.Facts(Response(data));
                IsComplete = Facts.Failure is null;
                return IsComplete ? EventKind.Content : EventKind.Error;
            case "response.failed":
                Facts = ResponsesDialect.Facts(Response(data));
                return Fail(Facts.Failure ?? new(ErrorCategory.ServerError, "The provider's response failed."));
            case "response.output_item.added" or "response.content_part.added" or "response.reasoning_summary_part.added" or "keepalive" or "ping":
                return EventKind.Preamble;
            case null:
                throw new JsonException("An event must have a type.");
            default:
                OutputCharacters += data.Member("delta").Characters();
                return EventKind.Content;
        }
    }

    private EventKind Fail(Failure failure)
    {
        Facts = Facts with { Failure = failure };
        return EventKind.Error;
    }

    private static JsonElement Response(JsonElement data) =>
        data.Member("response") is { ValueKind: JsonValueKind.Object } response ? response : throw new JsonException("response must be an object.");
}
