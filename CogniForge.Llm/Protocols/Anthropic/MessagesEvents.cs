using System.Text.Json.Nodes;

namespace CogniForge.Llm.Protocols.Anthropic;

/// <summary>The events of Anthropic's streams. Each is named on its <c>event:</c> line too: the SDKs pass over those that are not.</summary>
internal static class MessagesEvents
{
    /// <param name="message">The message without content.</param>
    public static SseEvent Start(JsonObject message) => Create("message_start", new() { ["message"] = message });

    public static SseEvent BlockStart(int index, JsonObject block) =>
        Create("content_block_start", new() { ["index"] = index, ["content_block"] = block });

    public static SseEvent BlockDelta(int index, JsonObject delta) =>
        Create("content_block_delta", new() { ["index"] = index, ["delta"] = delta });

    /// <param name="index">The block.</param>
    /// <param name="type">The kind of delta, e.g. <c>text_delta</c>.</param>
    /// <param name="member">The member that carries it, e.g. <c>text</c>.</param>
    /// <param name="value">What is added.</param>
    public static SseEvent BlockDelta(int index, string type, string member, JsonNode value) =>
        BlockDelta(index, new() { ["type"] = type, [member] = value });

    public static SseEvent BlockStop(int index) => Create("content_block_stop", new() { ["index"] = index });

    /// <param name="delta">What is new of the message, e.g. <c>stop_reason</c>.</param>
    /// <param name="usage">All tokens so far; null: not told.</param>
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
