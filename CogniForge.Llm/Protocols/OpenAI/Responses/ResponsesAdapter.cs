using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.OpenAI.Chat;
using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Protocols.OpenAI.Responses;

/// <summary>OpenAI's <c>POST responses</c>.</summary>
internal sealed class ResponsesAdapter : ProtocolAdapter
{
    public override Protocol Protocol => Protocol.Responses;

    public override string Path => "responses";

    public override IReadOnlyList<SseEvent> StreamEnd => [];

    protected override ResponseMetadata ReadCore(JsonElement response) => ReadMetadata(response);

    protected override IReadOnlyList<string> ReadStateIdsCore(JsonElement response) =>
        ProviderStateIds.ReadResponse(response);

    public override ProtocolStreamReader CreateStreamReader() => new ResponsesStreamReader();

    public override JsonObject Error(ClientError error) => OpenAIError.Write(error);

    /// <summary>
    /// OpenAI's <c>error</c> event. The .NET SDK reads the members next to <c>type</c>; the SDKs for Python and
    /// JavaScript raise an error only for the object <c>error</c>.
    /// </summary>
    public override SseEvent StreamError(ClientError error, int eventsSent)
    {
        var body = OpenAIError.Write(error);
        var detail = body["error"]!;
        body.Insert(0, "type", "error");
        body["code"] = detail["code"]?.DeepClone();
        body["message"] = detail["message"]?.DeepClone();
        body["param"] = detail["param"]?.DeepClone();
        body["sequence_number"] = eventsSent;
        return SseEvent.Create("error", body);
    }

    public override JsonObject Aggregate(IEnumerable<SseEvent> events)
    {
        foreach (var item in events)
        {
            if (
                !item.IsDone
                && StrictJson.Parse(item.Data.Span) is var data
                && data["type"]?.ToString() is "response.completed" or "response.incomplete"
                && data["response"] is JsonObject response
            )
            {
                return response.DeepClone().AsObject();
            }
        }

        throw new JsonException("The stream contains no complete response.");
    }

    public override IEnumerable<SseEvent> Replay(JsonObject response) => ResponsesStreamReplayer.Replay(response);

    /// <summary>Reads the metadata of a <c>response</c> object.</summary>
    public static ResponseMetadata ReadMetadata(JsonElement response)
    {
        var status = response.Text("status");
        var reason = response.Member("incomplete_details").Text("reason") ?? status;
        var tools = new ToolUses();
        tools.ReportResponse(response);
        return new(
            response.Text("id"),
            response.Text("model"),
            reason,
            ChatUsage.Read(response.Member("usage")),
            Failure(response, status),
            ChatUsage.Cost(response.Member("usage")),
            response.Text("service_tier")
        )
        {
            ToolUses = tools.Counts,
        };
    }

    private static ProviderError? Failure(JsonElement response, string? status) =>
        OpenAIError.Find(response)
        ?? (status, response.Member("output").ValueKind) switch
        {
            ("failed" or "cancelled", _) => new(
                ErrorCategory.ServerError,
                $"The provider's response has the status '{status}'."
            ),
            (_, not JsonValueKind.Array) => new(
                ErrorCategory.InvalidResponse,
                "The provider's response has no output."
            ),
            _ => null,
        };
}
