using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.OpenAI.Chat;
using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Protocols.OpenAI.Responses;

/// <summary>OpenAI's responses.</summary>
internal sealed class ResponsesDialect : Dialect
{
    public override Protocol Protocol => Protocol.Responses;

    public override string Path => "responses";

    public override IReadOnlyList<SseEvent> End => [];

    public override AnswerFacts Read(JsonElement answer) => Facts(answer);

    public override StreamReader ReadStream() => new ResponseStreamReader();

    public override JsonObject Error(ClientError error) => OpenAiError.Write(error);

    /// <summary>OpenAI's <c>error</c> event. The .NET SDK reads the members beside <c>type</c>; those for Python and JavaScript raise an error when they see the object <c>error</c>.</summary>
    public override SseEvent StreamError(ClientError error, int before)
    {
        var body = OpenAiError.Write(error);
        var told = body["error"]!;
        body.Insert(0, "type", "error");
        body["code"] = told["code"]?.DeepClone();
        body["message"] = told["message"]?.DeepClone();
        body["param"] = told["param"]?.DeepClone();
        body["sequence_number"] = before;
        return SseEvent.Of("error", body);
    }

    public override JsonObject Collect(IEnumerable<SseEvent> events)
    {
        foreach (var item in events)
        {
            if (!item.IsDone && SoundJson.Parse(item.Data.Span) is var data && data["type"]?.ToString() is "response.completed" or "response.incomplete" && data["response"] is JsonObject response)
            {
                return response.DeepClone().AsObject();
            }
        }

        throw new JsonException("No event of the stream has the whole response.");
    }

    public override IEnumerable<SseEvent> Replay(JsonObject answer) => ResponseReplay.Replay(answer);

    /// <summary>What a <c>response</c> object says of itself.</summary>
    public static AnswerFacts Facts(JsonElement response)
    {
        var status = response.Text("status");
        var reason = response.Member("incomplete_details").Text("reason") ?? status;
        return new(response.Text("id"), response.Text("model"), reason, Usage(response.Member("usage")), Failure(response, status), ServiceTier: response.Text("service_tier"));
    }

    private static CogniForge.Llm.Pricing.TokenUsage? Usage(JsonElement usage)
    {
        var input = usage.Member("input_tokens_details");
        return ChatUsage.Buckets(
            usage.Count("input_tokens"), input.Count("cached_tokens"), input.Count("cache_write_tokens"),
            usage.Count("output_tokens"), usage.Member("output_tokens_details").Count("reasoning_tokens"));
    }

    private static Failure? Failure(JsonElement response, string? status) =>
        OpenAiError.Find(response) ?? (status, response.Member("output").ValueKind) switch
        {
            ("failed" or "cancelled", _) => new(ErrorCategory.ServerError, $"The provider's response has the status '{status}'."),
            (_, not JsonValueKind.Array) => new(ErrorCategory.BrokenAnswer, "The provider's response has no output."),
            _ => null,
        };
}
