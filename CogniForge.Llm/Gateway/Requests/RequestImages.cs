using System.Text.Json;

namespace CogniForge.Llm.Gateway.Requests;

/// <summary>Finds the images of a conversation, whatever the protocol: parts of a content that say that they are one.</summary>
internal static class RequestImages
{
    /// <summary>How many there are.</summary>
    public static int Count(JsonElement body) => OfTurns(body, "messages") + OfTurns(body, "input");

    private static int OfTurns(JsonElement body, string name) =>
        body.TryGetProperty(name, out var turns) && turns.ValueKind == JsonValueKind.Array
            ? turns.EnumerateArray().Sum(OfContent)
            : 0;

    private static int OfContent(JsonElement turn) =>
        turn.ValueKind == JsonValueKind.Object
        && turn.TryGetProperty("content", out var content)
        && content.ValueKind == JsonValueKind.Array
            ? content.EnumerateArray().Sum(OfPart)
            : 0;

    private static int OfPart(JsonElement part) =>
        part.ValueKind == JsonValueKind.Object
        && RequestBody.OptionalText(part, "type") is "image_url" or "image" or "input_image"
            ? 1
            : OfContent(part); // a result of tools has parts of its own
}
