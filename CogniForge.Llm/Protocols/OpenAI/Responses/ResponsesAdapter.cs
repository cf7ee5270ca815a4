using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.OpenAI.Chat;
using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Protocols.OpenAI.Responses;

/// <summary>OpenAI's responses.</summary>
internal sealed class ResponsesAdapter : ProtocolAdapter
{
    public override Protocol Protocol => Protocol.Responses;

    public override string Path => "responses";

    public override IReadOnlyList<SseEvent> StreamEnd => [];

    public override ResponseMetadata Read(JsonElement response) => Facts(response);

    public override ProtocolStreamReader CreateStreamReader() => new ResponsesStreamReader();

    public override JsonObject Error(ClientError error) => OpenAIError.Write(error);

    /// <summary>OpenAI's <c>error</c> event. The .NET SDK reads the members beside <c>type</c>; those for Python and JavaScript raise an error when they see the object <c>error</c>.</summary>
    public override SseEvent StreamError(ClientError error, int before)
    {
        var body = OpenAIError.Write(error);
        var told = body["error"]!;
        body.Insert(0, "type", "error");
        body["code"] = told["code"]?.DeepClone();
        body["message"] = told["message"]?.DeepClone();
        body["param"] = told["param"]?.DeepClone();
        body["sequence_number"] = before;
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

        throw new JsonException("No event of the stream has the whole response.");
    }

    public override IEnumerable<SseEvent> Replay(JsonObject response) => ResponsesStreamReplayer.Replay(response);

    /// <summary>What a <c>response</c> object says of itself.</summary>
    public static ResponseMetadata Facts(JsonElement response)
    {
        var status = response.Text("status");
        var reason = response.Member("incomplete_details").Text("reason") ?? status;
        return new(
            response.Text("id"),
            response.Text("model"),
            reason,
            Usage(response.Member("usage")),
            Failure(response, status),
            ServiceTier: response.Text("service_tier")
        );
    }

    private static CogniForge.Llm.Pricing.TokenUsage? Usage(JsonElement usage)
    {
        var input = usage.Member("input_tokens_details");
        return ChatUsage.Buckets(
            usage.Count("input_tokens"),
            input.Count("cached_tokens"),
            input.Count("cache_write_tokens"),
            usage.Count("output_tokens"),
            usage.Member("output_tokens_details").Count("reasoning_tokens")
        );
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
