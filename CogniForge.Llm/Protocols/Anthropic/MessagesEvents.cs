using System.Text.Json.Nodes;

namespace CogniForge.Llm.Protocols.Anthropic;

/// <summary>
/// Creates the events of Anthropic's streams. Each has an <c>event:</c> line, because the SDKs ignore events without one.
/// </summary>
internal static class MessagesEvents
{
    /// <param name="message">The message without content.</param>
    public static SseEvent Start(JsonObject message) => Create("message_start", new() { ["message"] = message });

    public static SseEvent BlockStart(int index, JsonObject block) =>
        Create("content_block_start", new() { ["index"] = index, ["content_block"] = block });

    public static SseEvent BlockDelta(int index, JsonObject delta) =>
        Create("content_block_delta", new() { ["index"] = index, ["delta"] = delta });

    /// <param name="index">The index of the block.</param>
    /// <param name="type">The type of the delta, e.g. <c>text_delta</c>.</param>
    /// <param name="member">The member with the value, e.g. <c>text</c>.</param>
    /// <param name="value">The value to append.</param>
    public static SseEvent BlockDelta(int index, string type, string member, JsonNode value) =>
        BlockDelta(index, new() { ["type"] = type, [member] = value });

    public static SseEvent BlockStop(int index) => Create("content_block_stop", new() { ["index"] = index });

    /// <param name="delta">The changed members of the message, e.g. <c>stop_reason</c>.</param>
    /// <param name="usage">The cumulative usage; null if unknown.</param>
    public static SseEvent Delta(JsonObject delta, JsonNode? usage) =>
        Create(
            "message_delta",
            usage is null ? new() { ["delta"] = delta } : new() { ["delta"] = delta, ["usage"] = usage }
        );

    public static SseEvent Stop() => Create("message_stop", []);

    private static SseEvent Create(string type, JsonObject data)
    {
        data.Insert(0, "type", type);
        return SseEvent.Create(type, data);
    }
}
