using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Protocols.OpenAI.Chat;

/// <summary>OpenAI's chat completions, as implemented by OpenAI, OpenRouter and OpenAI-compatible servers.</summary>
internal sealed class ChatAdapter : ProtocolAdapter
{
    public override Protocol Protocol => Protocol.ChatCompletions;

    public override string Path => "chat/completions";

    public override IReadOnlyList<SseEvent> StreamEnd { get; } = [SseEvent.Done];

    protected override ResponseMetadata ReadCore(JsonElement response)
    {
        var choice = response.Member("choices").Items().FirstOrDefault();
        var reason = choice.Text("finish_reason");
        var usage = response.Member("usage") is var whole && whole.IsPresent() ? whole : choice.Member("usage");
        var tools = new ToolUses();
        tools.Report(usage);
        foreach (var call in choice.Member("message").Member("tool_calls").Items())
        {
            tools.SeeCall(call.Member("function").Text("name"));
        }

        tools.SeeExecuted(choice.Member("message").Member("executed_tools"));
        tools.ReportGrounding(choice.Member("groundingMetadata", "grounding_metadata"));

        return new(
            response.Text("id"),
            response.Text("model"),
            reason,
            ChatUsage.Read(usage),
            Failure(response, choice, reason),
            ChatUsage.Cost(usage),
            response.Text("service_tier")
        )
        {
            ToolUses = tools.Counts,
        };
    }

    protected override IReadOnlyList<string> ReadStateIdsCore(JsonElement response) =>
        [
            .. response
                .Member("choices")
                .Items()
                .Select(c => c.Member("message").Member("audio").Text("id"))
                .OfType<string>(),
        ];

    public override ProtocolStreamReader CreateStreamReader() => new ChatStreamReader();

    public override JsonObject Error(ClientError error) => OpenAIError.Write(error);

    public override SseEvent StreamError(ClientError error, int eventsSent) =>
        SseEvent.Create(null, OpenAIError.Write(error));

    public override JsonObject Aggregate(IEnumerable<SseEvent> events) => ChatStreamAggregator.Aggregate(events);

    public override IEnumerable<SseEvent> Replay(JsonObject response) => ChatStreamReplayer.Replay(response);

    private static ProviderError? Failure(JsonElement response, JsonElement choice, string? reason) =>
        OpenAIError.Find(response)
        ?? OpenAIError.Find(choice)
        ?? GetFailure(reason)
        ?? (
            choice.ValueKind == JsonValueKind.Object
                ? null
                : new(ErrorCategory.InvalidResponse, "The provider's response has no choices.")
        );

    /// <summary>
    /// The error for a finish reason that means a failure, without an error object; null: it means none.
    /// </summary>
    public static ProviderError? GetFailure(string? reason) =>
        ChatFinishReasons.Normalize(reason) != ChatFinishReasons.Error ? null
        : new(
            ErrorCategory.ServerError,
            reason == ChatFinishReasons.Error
                ? "The provider ended the response with an error."
                : $"The provider ended the response with '{TextLimits.Truncate(reason)}'."
        );
}
