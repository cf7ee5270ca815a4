using System.Text.Json;

namespace CogniForge.Llm.Gateway.Requests;

/// <summary>Counts the images of a conversation in every protocol, by the types of the content parts.</summary>
internal static class RequestImages
{
    public static int Count(JsonElement body) => CountInMessages(body, "messages") + CountInMessages(body, "input");

    /// <summary>Whether a part of a message is an image, in any client's format.</summary>
    public static bool IsImage(JsonElement part) =>
        part.TryGetProperty("type"u8, out var type)
        && type.ValueKind == JsonValueKind.String
        && (
            type.ValueEquals("image_url"u8)
            || type.ValueEquals("image"u8)
            || type.ValueEquals("input_image"u8)
            || type.ValueEquals("computer_screenshot"u8)
        );

    private static int CountInMessages(JsonElement body, string name) =>
        body.TryGetProperty(name, out var messages) && messages.ValueKind == JsonValueKind.Array
            ? messages.EnumerateArray().Sum(CountInContent)
            : 0;

    private static int CountInContent(JsonElement message) =>
        message.ValueKind == JsonValueKind.Object
        && message.TryGetProperty("content", out var content)
        && content.ValueKind == JsonValueKind.Array
            ? content.EnumerateArray().Sum(CountInPart)
            : 0;

    private static int CountInPart(JsonElement part) =>
        part.ValueKind == JsonValueKind.Object
        && RequestFields.ReadOptionalString(part, "type") is "image_url" or "image" or "input_image"
            ? 1
            : CountInContent(part); // a tool result contains parts of its own
}
